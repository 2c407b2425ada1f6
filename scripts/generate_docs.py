"""Do the docs say what the code does? Writes `.env.example` and the tables in docs/, or checks them."""

import argparse
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.chat.metrics import CATALOGUE
from bot.chat.metrics import PREFIX as METRICS_PREFIX
from bot.chat.routes import COMMANDS, OPERATOR_COMMANDS
from bot.settings import PREFIX, Settings
from bot.storage.personal import columns_told
from bot.storage.tables import metadata
from index.likeness import MEANING_RULES
from knowledge import checks
from knowledge.lint import RULES, waivers_are_needed
from knowledge.lint.graph import DATED_RULES
from knowledge.problems import name_of
from scripts.benchmark_pictures import pictures
from scripts.fields import fields_table
from scripts.limits import limits_table

PROJECT = Path(__file__).resolve().parent.parent
BEGIN = "<!-- Written by `make docs`: change the code instead. -->"
END = "<!-- The end of what `make docs` writes. -->"
WIDTH = 100


def main() -> int:
    """Write the generated docs, or tell with `--check` which of them are behind the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is behind")
    check = parser.parse_args().check
    stale = {path: text for path, text in generated(PROJECT).items() if not _holds(path, text)}
    for path, text in stale.items():
        if not check:
            path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(PROJECT)} {'is behind the code: run `make docs`' if check else 'written'}")
    return 1 if check and stale else 0


def generated(project: Path) -> dict[Path, str]:
    """Every file with generated text, and all of what it should hold."""
    settings, commands = project / "docs/settings.md", project / "docs/commands.md"
    my_data, metrics = project / "docs/my-data.md", project / "docs/metrics.md"
    rules, authoring = project / "docs/rules.md", project / "docs/authoring.md"
    limits = project / "docs/limits.md"
    return {
        project / ".env.example": env_example(),
        settings: between_markers(settings, settings_table()),
        commands: between_markers(commands, commands_table()),
        my_data: between_markers(my_data, my_data_table()),
        metrics: between_markers(metrics, metrics_table()),
        rules: between_markers(rules, rules_table()),
        authoring: between_markers(authoring, fields_table()),
        limits: between_markers(limits, limits_table()),
        **pictures(project),
    }


def env_example() -> str:
    """Every setting as a commented line with its default, for a new `.env`."""
    paragraphs = ["# Copy to .env and take the # off what you set. Written by `make docs`."]
    for name, field in Settings.model_fields.items():
        description = textwrap.fill(
            field.description or "", WIDTH, initial_indent="# ", subsequent_indent="# "
        )
        paragraphs.append(f"{description}\n#{_variable(name)}={_in_env(field.default)}")
    return "\n\n".join(paragraphs) + "\n"


def settings_table() -> str:
    """Every setting with its default and its meaning."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = _in_env(field.default)
        rows.append(f"| `{_variable(name)}` | {f'`{default}`' if default else ''} | {field.description} |")
    return "\n".join(rows)


def commands_table() -> str:
    """Every command with its line of help, and those of operators after them."""
    head = ["| Command | What it does |", "|---|---|"]
    tables = [
        "\n".join([*head, *(f"| `/{command.name}` | {command.help} |" for command in commands)])
        for commands in (COMMANDS, OPERATOR_COMMANDS)
    ]
    return "\n\nFor the ids in `BOT_OPERATORS`, in their own chat with the bot:\n\n".join(tables)


def metrics_table() -> str:
    """Every metric with its kind, its labels and its meaning."""
    rows = ["| Metric | Kind | Labels | Meaning |", "|---|---|---|---|"]
    for each in CATALOGUE:
        labels = ", ".join(f"`{label}`" for label in each.labels)
        rows.append(f"| `{METRICS_PREFIX}{each.name}` | {each.kind} | {labels} | {each.help} |")
    return "\n".join(rows)


def my_data_table() -> str:
    """Every list of an export with the fields of its entries."""
    rows = ["| List | Fields of an entry |", "|---|---|"]
    for table in metadata.tables.values():
        fields = ", ".join(f"`{column.name}`" for column in columns_told(table))
        rows.append(f"| `{table.name}` | {fields} |")
    return "\n".join(rows)


def rules_table() -> str:
    """Every rule for packs, with the sentence that says it: first those that a bot insists on."""
    quality: list[Callable[..., object]] = [*RULES, *DATED_RULES, waivers_are_needed, *MEANING_RULES]
    return "\n\n".join(
        [
            "## Without these a pack is not used",
            _rules(checks.RULES),
            "## These make it good",
            "A pack that breaks them is used all the same.",
            _rules(quality),
        ]
    )


def _rules(rules: Sequence[Callable[..., object]]) -> str:
    rows = [f"| `{name_of(rule)}` | {rule.__doc__} |" for rule in rules]
    return "\n".join(["| Rule | Says |", "|---|---|", *rows])


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _in_env(default: object) -> str:
    if isinstance(default, Path) and default.is_absolute():
        return default.relative_to(PROJECT).as_posix()
    return "" if default in (None, ()) else str(default)


def between_markers(path: Path, text: str) -> str:
    """The file at `path` with `text` in the place that is kept for it."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
