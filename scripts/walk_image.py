"""Does the Dockerfile lead to a healthy bot? Walks through it step by step, without a container engine.

walk_image.py FOLDER                     installs and builds as the image does: some minutes, 4 GB
walk_image.py FOLDER --index var/index   takes an index that is built already: a minute or two, 0.8 GB

Each stage has a folder in FOLDER for its root, in which the paths of the Dockerfile are looked for. Base
images are this machine's Python. What makes users is left out. The bot runs in the sandbox until its health
check says yes.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from scripts.dockerfile import Stage, Step, read_stages
from scripts.generate_docs import PROJECT

PATIENCE_SECONDS = 90.0  # the start-period of the health check
PORT = 8081  # of the health check; another program may have it here
_ROOTED = re.compile(r"(?<![\w./-])/(?=(?:opt/venv|build|app|index|data)\b)")  # folders that the image has


class StepFailed(Exception):
    """A step ended with another exit code than 0."""


@dataclass
class Walk:
    """Where we are: in which stage's folder, with which environment."""

    project: Path
    folder: Path
    index: Path | None = None
    port: int = PORT
    root: Path = field(default_factory=Path)
    workdir: Path = field(default_factory=Path)
    environment: dict[str, str] = field(default_factory=dict)

    def stage(self, stage: Stage, position: int, made: dict[str, "Walk"]) -> None:
        """All steps of one stage, from the folder of the stage it is based on or an empty one."""
        self.root = self.folder / (stage.name or f"stage-{position}")
        self.environment, self.workdir = _bare(self.folder), self.root
        if before := made.get(stage.base):
            shutil.copytree(before.root, self.root, symlinks=True)
            self.environment = {name: self._moved(text, before) for name, text in before.environment.items()}
            self.workdir = Path(self._moved(str(before.workdir), before))
        else:
            self.root.mkdir(parents=True)
        for step in stage.steps:
            self.step(step, made)

    def _moved(self, text: str, before: "Walk") -> str:
        return text.replace(str(before.root), str(self.root))

    def step(self, step: Step, made: dict[str, "Walk"]) -> None:
        """One step, done or told as left out."""
        print(f"  {step.verb} {step.words[:90]}", flush=True)
        match step.verb:
            case "ENV":
                pairs = [pair.partition("=") for pair in shlex.split(step.words)]
                self.environment |= {name: self._filled(self._here(value)) for name, _, value in pairs}
            case "ARG":
                name, _, value = step.words.partition("=")
                self.environment.setdefault(name, os.environ.get(name, value))
            case "WORKDIR":
                self.workdir = Path(self._here(step.words))
                self.workdir.mkdir(parents=True, exist_ok=True)
            case "COPY":
                self._copy(shlex.split(step.words), made)
            case "RUN":
                self._run(step.words)
            case _:
                pass  # USER, VOLUME, EXPOSE need an image; HEALTHCHECK and CMD come at the end

    def _run(self, words: str) -> None:
        if words.startswith("useradd"):
            print("    left out: it makes a user")
            (self.root / "data").mkdir()
            return
        self.call(["sh", "-c", self._here(words)])

    def call(self, command: list[str]) -> None:
        """Run it as a step of this stage."""
        ended = subprocess.run(command, cwd=self.workdir, env=self.environment, check=False)
        if ended.returncode:
            raise StepFailed(f"exit code {ended.returncode}: {shlex.join(command)}")

    def _copy(self, words: list[str], made: dict[str, "Walk"]) -> None:
        options = [word for word in words if word.startswith("--")]
        *sources, to = [word for word in words if not word.startswith("--")]
        stage = next((option.removeprefix("--from=") for option in options if "--from" in option), "")
        for source in sources:
            is_file_beside = len(sources) > 1 or to.endswith("/")
            target = self._place(to) / Path(source).name if is_file_beside else self._place(to)
            _put(self._source(source, stage, made), target)

    def _source(self, source: str, stage: str, made: dict[str, "Walk"]) -> Path:
        if self.index and stage == "building":
            return self.index
        return Path(made[stage]._here(source)) if stage else self.project / source

    def _place(self, to: str) -> Path:
        return Path(self._here(to)) if to.startswith("/") else self.workdir / to

    def _here(self, text: str) -> str:
        return _ROOTED.sub(f"{self.root}/", text)

    def _filled(self, value: str) -> str:
        return Template(value).safe_substitute(self.environment)

    def serve(self, stage: Stage) -> None:
        """Start the bot as the image does, and ask its health check until it says yes."""
        own_port, page = str(self.port), f"127.0.0.1:{_free_port()}"
        loopback = {"BOT_SANDBOX_LISTEN": page, "BOT_LISTEN": f"127.0.0.1:{own_port}"}
        health = json.loads(stage.all("HEALTHCHECK")[0].partition("CMD ")[2])
        bot = subprocess.Popen(
            json.loads(stage.all("CMD")[0]), cwd=self.workdir, env=self.environment | loopback
        )
        try:
            self._wait_for([word.replace(str(PORT), own_port) for word in health], bot)
        finally:
            bot.terminate()
            bot.wait()

    def _wait_for(self, health: list[str], bot: "subprocess.Popen[bytes]") -> None:
        began = time.monotonic()
        while subprocess.run(health, env=self.environment, stderr=subprocess.DEVNULL, check=False).returncode:
            if bot.poll() is not None or time.monotonic() - began > PATIENCE_SECONDS:
                raise StepFailed(f"no health after {time.monotonic() - began:.0f} s")
            time.sleep(1)
        print(f"healthy after {time.monotonic() - began:.0f} s")


def main() -> int:
    """Walk; exit code 1 where a step fails."""
    parser = argparse.ArgumentParser(
        prog="walk_image", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where the stages go; must not exist yet")
    parser.add_argument("--index", type=Path, metavar="INDEX", help="an index that is built already")
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=f"for the health check ({PORT})")
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    try:
        index = given.index and given.index.resolve()
        image, walk = walk_through(PROJECT, given.folder.resolve(), index, given.port)
        walk.serve(image)
    except StepFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def walk_through(project: Path, folder: Path, index: Path | None, port: int) -> tuple[Stage, Walk]:
    """Every stage, and where the last of them ended."""
    made: dict[str, Walk] = {}
    stages = read_stages(project / "Dockerfile")
    for position, stage in enumerate(stages):
        if index and stage.name == "building":
            print("FROM serving AS building: left out, the index is given")
            continue
        print(f"FROM {stage.base} AS {stage.name}" if stage.name else f"FROM {stage.base}")
        began = time.monotonic()
        walk = made[stage.name] = Walk(project, folder, index, port)
        walk.stage(stage, position, made)
        print(f"  {time.monotonic() - began:.0f} s, {_megabytes(walk.root)} MB")
    return stages[-1], made[""]


def _bare(folder: Path) -> dict[str, str]:
    """The environment of a base image: this Python under the name `python`, none of our settings."""
    programs = folder / "base" / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    if not (programs / "python").exists():
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        (programs / "python").symlink_to(Path(sys.base_prefix) / "bin" / python)
    ours = ("BOT_", "PYTHON", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PATH": f"{programs}:{os.environ['PATH']}"}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copy(source, target)
    else:
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")  # as .dockerignore does
        shutil.copytree(source, target, symlinks=True, ignore=None if "venv" in target.name else ignored)


def _megabytes(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_dir()) // 1_000_000


if __name__ == "__main__":
    sys.exit(main())
