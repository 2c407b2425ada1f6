"""Does the sandbox run alone? `python -m bot.sandbox [--listen 127.0.0.1:8080]`: the server without a bot."""

import argparse
import asyncio
import contextlib
import sys

from bot.sandbox.server import Options, SandboxServer, sandbox_server


def main() -> int:
    """Start the server and say where it is."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--listen", type=_host_and_port, default="127.0.0.1:8080", metavar="HOST:PORT")
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(_run(*parser.parse_args().listen))
    return 0


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise argparse.ArgumentTypeError("expected HOST:PORT, such as 127.0.0.1:8080")
    return host.strip("[]"), int(port)


async def _run(host: str, port: int) -> int:
    try:
        server: SandboxServer = sandbox_server(host, port, Options(loopback_webhooks=True))
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {host}:{port}: {error.strerror}. Try another --listen.\n")
        return 1
    sys.stdout.write(f"Sandbox at {server.address} with token {server.token}\n")
    sys.stdout.flush()
    await server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
