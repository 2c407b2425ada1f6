"""Do the Dockerfile and compose.yaml fit the project? Read here, not run: no container engine needed."""

import asyncio
import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from bot.settings import PREFIX, Address, Settings
from scripts.dockerfile import Stage, read_stages
from tests.resilience.processes import free_address

PROJECT = Path(__file__).resolve().parent.parent
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE = (PROJECT / "compose.yaml").read_text(encoding="utf-8")
STAGES = read_stages(PROJECT / "Dockerfile")
RUNS = [words for stage in STAGES for words in stage.all("RUN")]
REPLICAS = (PROJECT / "compose.replicas.yaml").read_text(encoding="utf-8")


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} +(.*)$", DOCKERFILE, re.MULTILINE)


def copied() -> list[str]:
    """What is copied from the project, not from another stage."""
    lines = [shlex.split(line) for line in instructions("COPY") if "--from" not in line]
    return [source for line in lines for source in line[:-1]]


@pytest.mark.parametrize("source", copied())
def test_what_the_image_copies_exists_and_reaches_the_builder(source: str) -> None:
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert (PROJECT / source).exists()
    assert f"!{source}" in ignored


def test_nothing_secret_or_large_reaches_the_builder() -> None:
    rules = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert rules[1] == "*"
    kept = [rule[1:] for rule in rules if rule.startswith("!")]
    for name in (".env", ".git", ".venv", "var"):
        assert not any(fnmatch(name, pattern) for pattern in kept)


def test_every_module_it_runs_is_in_the_image() -> None:
    modules = set(re.findall(r"-m\"?,? \"?((?:bot|scripts)[\w.]*)", DOCKERFILE))
    assert modules == {"bot", "scripts.build_index"}
    for module in modules:
        assert module.split(".")[0] in copied()
        assert importlib.util.find_spec(f"{module}.__main__" if module == "bot" else module)


def test_every_room_of_the_bot_is_in_the_image() -> None:
    assert {init.parent.name for init in PROJECT.glob("*/__init__.py")} - {"tests"} <= set(copied())


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name or "image")
def test_what_comes_from_another_stage_is_made_there(stage: Stage) -> None:
    before = {other.name: other for other in STAGES[: STAGES.index(stage)]}
    for words in stage.all("COPY"):
        found = re.search(r"--from=(\S+).* (/\S+) \S+$", words)
        if found:
            assert re.search(rf"{found[2]}\b", " ".join(before[found[1]].all("RUN")))


@pytest.mark.parametrize("line", RUNS)
def test_every_run_is_a_line_the_shell_understands(line: str) -> None:
    assert subprocess.run(["sh", "-n"], input=line, text=True, check=False).returncode == 0
    for code in re.findall(r'python -c "([^"]+)"', line):
        compile(code, "RUN", "exec")


@pytest.mark.skipif(
    f"\npip=={version('pip')}\n" not in (PROJECT / "constraints.txt").read_text(encoding="utf-8"),
    reason="this pip is not the one that is pinned: `make setup` installs that",
)
def test_pip_knows_every_option_it_is_given() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--help"], capture_output=True, text=True, check=True
    ).stdout
    lines = [part for line in RUNS for part in line.split("&&") if "pip install" in part]
    given = {word for line in lines for word in shlex.split(line) if word.startswith("--")}
    assert given == {"--quiet", "--build-constraint", "--only-deps"}
    assert [option for option in given if not re.search(rf"{option}\b", told)] == []


def test_commands_take_the_signals_themselves() -> None:
    """The exec form: under a shell the bot would never hear SIGTERM."""
    assert [json.loads(command) for command in instructions("CMD")] == [["python", "-m", "bot"]]


def test_it_does_not_run_as_root() -> None:
    assert instructions("USER")[-1] == "bot"


@pytest.mark.parametrize(
    "text", [DOCKERFILE, COMPOSE, REPLICAS], ids=["Dockerfile", "compose.yaml", "compose.replicas.yaml"]
)
def test_every_setting_named_exists(text: str) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", text))
    assert named <= {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def test_health_is_asked_where_the_bot_listens() -> None:
    listen = re.search(rf"{PREFIX}LISTEN=(\S+)", DOCKERFILE)
    assert listen is not None
    port = Settings(_env_file=None, listen=listen[1]).listen
    assert port == Address("0.0.0.0", 8081)
    assert f"http://127.0.0.1:{port.port}/healthz" in DOCKERFILE
    assert instructions("EXPOSE") == [str(port.port)]


def test_compose_runs_the_same_image_with_the_same_data() -> None:
    compose: dict[str, Any] = yaml.safe_load(COMPOSE)
    bot = compose["services"]["bot"]
    assert bot["build"]["context"] == "."
    for name, value in bot["build"]["args"].items():
        default = value.removeprefix(f"${{{name}:-").removesuffix("}")
        assert instructions("ARG").count(f"{name}={default}") == 2, "to build with, and to serve"
        assert Settings(_env_file=None).knowledge_dir == PROJECT / default
    assert bot["volumes"] == ["data:/data"]
    assert "data" in compose["volumes"]
    assert bot["environment"].items() <= dict(re.findall(rf"({PREFIX}\w+)=(\S+)", DOCKERFILE)).items()
    assert f'CMD ["python", "-c", "{bot["healthcheck"]["test"][-1]}"]' in DOCKERFILE


class _ComposeLoader(yaml.SafeLoader):
    """Knows Compose's own tags."""


_ComposeLoader.add_constructor("!reset", lambda _loader, _node: None)


def test_several_bots_share_a_database_and_stand_behind_a_balancer() -> None:
    compose: dict[str, Any] = yaml.load(REPLICAS, _ComposeLoader)
    services = compose["services"]
    assert services["bot"]["deploy"]["replicas"] == 2
    given = {
        name: re.sub(r"\$\{(\w+)[^}]*\}", "x1", text) for name, text in services["bot"]["environment"].items()
    }
    settings = Settings(
        _env_file=None,
        token=SecretStr("1:a"),
        **{name.removeprefix(PREFIX).lower(): text for name, text in given.items()},
    )
    url = make_url(settings.database_url)
    postgres = services["postgres"]["environment"]
    assert (url.username, url.database, url.host) == (
        postgres["POSTGRES_USER"],
        postgres["POSTGRES_DB"],
        "postgres",
    )
    assert services["bot"]["ports"] is None, "two bots cannot have one port of the host"
    volumes = {
        one.partition(":")[0] for name in ("postgres", "balancer") for one in services[name]["volumes"]
    }
    assert volumes == set(compose["volumes"])


CADDY = shutil.which("caddy")


@pytest.mark.skipif(CADDY is None, reason="Caddy is not installed")
async def test_the_balancer_passes_on_what_telegram_sends_and_nothing_else(tmp_path: Path) -> None:
    balancer, bot, asked = free_address(), free_address(), []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).partition(b" HTTP")[0].decode())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    content = yaml.load(REPLICAS, _ComposeLoader)["configs"]["caddyfile"]["content"]
    assert "dynamic a bot 8081 {" in content
    here = content.replace("${DOMAIN}", f"http://{balancer}")
    here = here.replace("a bot 8081", f"a localhost {bot.rpartition(':')[2]}")
    (tmp_path / "Caddyfile").write_text("{\n  admin off\n}\n" + here)
    run = [str(CADDY), "run", "--config", "Caddyfile"]
    caddy = await asyncio.create_subprocess_exec(*run, cwd=tmp_path, stderr=asyncio.subprocess.DEVNULL)
    patient = httpx.AsyncHTTPTransport(retries=8)  # a quarter of a minute until Caddy listens
    host, _, port = bot.rpartition(":")
    try:
        async with (
            await asyncio.start_server(answer, host, int(port)),
            httpx.AsyncClient(transport=patient, base_url=f"http://{balancer}", timeout=30) as telegram,
        ):
            codes = [(await telegram.post(path)).status_code for path in ("/webhook", "/metrics", "/")]
    finally:
        caddy.terminate()
        await caddy.wait()
    assert codes == [200, 404, 404]
    assert asked == ["POST /webhook"]
