"""Do the docs still say what the code does?"""

import os
import re
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import TypeAdapter

from bot.settings import Settings
from knowledge.schema import Exam, Fact, IntentPhrases, Item, Pack, Resource, Skill, SmallTalkTopic, Track
from scripts.generate_docs import PROJECT, generated
from tests.markdown import Link, anchors, links

DOCUMENTS = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
AUTHORING = (PROJECT / "docs/authoring.md").read_text(encoding="utf-8")
SCRIPT = re.compile(r"\bscripts[./]([a-z_]+)(\.sh)?(?:\.py)?((?: [^`|&\n]*)?)")
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
VERB = re.compile(r"`make ([a-z-]+)")


@pytest.mark.parametrize(
    ("path", "text"), generated(PROJECT).items(), ids=lambda value: getattr(value, "name", "")
)
def test_generated_docs_are_up_to_date(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run `make docs`"


def test_env_example_with_every_line_switched_on_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        monkeypatch.delenv(name)
    lines = (PROJECT / ".env.example").read_text(encoding="utf-8").replace("#BOT_", "BOT_")
    (tmp_path / ".env").write_text(lines, encoding="utf-8")
    monkeypatch.chdir(PROJECT)
    switched_on = Settings(_env_file=tmp_path / ".env")
    untouched = Settings(_env_file=None)
    assert switched_on.model_copy(update={"knowledge_dir": untouched.knowledge_dir}) == untouched
    assert switched_on.knowledge_dir.resolve() == untouched.knowledge_dir.resolve()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    found = links(document)
    assert [link for link in found if not link.file.exists()] == []
    to_anchors = [link for link in found if link.anchor and link.file.suffix == ".md"]
    assert [link for link in to_anchors if link.anchor not in anchors(link.file)] == []


def test_every_picture_is_shown_somewhere() -> None:
    shown = {link.file.resolve() for document in DOCUMENTS for link in links(document)}
    assert {*PROJECT.glob("docs/images/*")} <= shown


def test_links_and_anchors_are_read_as_a_git_host_does(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# What's `a_b`?\n\n## Why\n\n## Why\n\n[x](#why) ![y](y.png) [z](https://z.org) `[no](n)`\n"
    )
    assert anchors(page) == {"whats-a_b", "why", "why-1"}
    assert links(page) == [Link("x", page, "why"), Link("y", tmp_path / "y.png", "")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_make_verb_named_exists(document: Path) -> None:
    verbs = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(VERB.findall(document.read_text(encoding="utf-8"))) <= verbs


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_script_named_exists_and_knows_the_options_given(document: Path) -> None:
    for name, is_shell, options in SCRIPT.findall(document.read_text(encoding="utf-8")):
        script = PROJECT / "scripts" / f"{name}{is_shell or '.py'}"
        assert script.is_file(), script.name
        asked = set(re.findall(r"--[a-z]+", options))
        assert asked <= set(re.findall(r'"(--[a-z]+)"', script.read_text(encoding="utf-8"))), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_command_shown_is_one_the_shell_understands(document: Path) -> None:
    for block in SHELL.findall(document.read_text(encoding="utf-8")):
        told = subprocess.run(["sh", "-n"], input=block, capture_output=True, text=True, check=False)
        assert (told.returncode, told.stderr) == (0, "")


EXAMPLES: dict[str, Any] = {  # what each example of docs/authoring.md is, by the comment at its beginning
    "skills.yaml": dict[str, Skill],
    "tracks.yaml": dict[str, Track],
    "resources.yaml": dict[str, Resource],
    "facts.yaml": dict[int, Fact],
    "items/starter.yaml": tuple[Item, ...],
    "intents.yaml": tuple[IntentPhrases, ...],
    "questions.yaml": Exam,
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_for_authors_are_what_a_pack_holds(name: str) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", AUTHORING, re.DOTALL)
    parts = [
        part for block in blocks for part in re.split(r"(?=^# [a-z/]+\.yaml)", block, flags=re.MULTILINE)
    ]
    (example,) = (part for part in parts if part.startswith(f"# {name}"))
    TypeAdapter(EXAMPLES[name]).validate_python(yaml.safe_load(example))


def test_authors_are_told_every_field_every_limit_and_every_reply_to_small_talk() -> None:
    for told in (
        "`items_per_skill` | a whole number, 1 or more",
        "**`stem`** | a line of text, at most 300 char",
    ):
        assert told in AUTHORING
    for model in (Pack, Skill, Track, Resource, Item):
        for field in model.model_fields:
            assert f"`{field}`" in AUTHORING
    for topic in get_args(SmallTalkTopic):
        assert f"`{topic}`" in AUTHORING
