"""What may each field of a pack hold? A table for authors, in words made of the schema."""

from typing import Any

from knowledge.checks import MAX_BODY_CHARACTERS
from knowledge.lint.items import MAX_LENGTHS
from knowledge.schema import (
    PATTERNS,
    DeclinedQuestion,
    ExamPhrase,
    ExamQuestion,
    Fact,
    IntentPhrases,
    Item,
    Model,
    Note,
    Option,
    Pack,
    Resource,
    Skill,
    Source,
    Track,
)

MODELS: dict[str, type[Model]] = {  # by where an author writes it
    "`pack.yaml`": Pack,
    "a source": Source,
    "a note": Note,
    "`skills.yaml`": Skill,
    "`tracks.yaml`": Track,
    "`resources.yaml`": Resource,
    "`facts.yaml`": Fact,
    "an item": Item,
    "an option": Option,
    "`intents.yaml`": IntentPhrases,
    "exam: `answerable`": ExamQuestion,
    "exam: `declined`": DeclinedQuestion,
    "exam: `phrases`": ExamPhrase,
}
LINTED = {  # limits in characters that the schema does not know
    Note: {"body": MAX_BODY_CHARACTERS},
    Item: MAX_LENGTHS,
    Option: MAX_LENGTHS,
}
NOT_WRITTEN = (Note, "id")  # a note's id is its path

Schema = dict[str, Any]


def fields_table() -> str:
    """Every field with what it may hold; those that must be there in bold."""
    rows = ["| Where | Field | Holds |", "|---|---|---|"]
    for where, model in MODELS.items():
        schema = model.model_json_schema()
        for name, field in schema["properties"].items():
            if (model, name) == NOT_WRITTEN:
                continue
            shown = f"**`{name}`**" if name in schema.get("required", ()) else f"`{name}`"
            held = _held({"maxLength": LINTED.get(model, {}).get(name), **field})
            rows.append(f"| {where} | {shown} | {held} |")
    return "\n".join(rows)


def _held(field: Schema) -> str:
    """What one field holds, in words."""
    ways = [{**field, **way} for way in field.get("anyOf", [field]) if way.get("type") != "null"]
    told = " or ".join(map(_way, ways))
    return f"{told}; {field['description']}" if "description" in field else told


def _way(field: Schema) -> str:
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "$ref" in field:
        return f"the fields of {_article(field['$ref'].rpartition('/')[2].lower())}"
    match field.get("type"):
        case "array":
            return f"a list{_bounds(field, 'Items')} of: {_held(field['items'])}"
        case "object":
            return _by_id(field)
        case "integer":
            return f"a whole number{_bounds(field, 'imum')}"
        case "number":
            return f"a number{_bounds(field, 'imum')}"
        case "boolean":
            return "`true` or `false`"
    text = "a day" if "format" in field else PATTERNS.get(field.get("pattern", ""), "text")
    return f"{text}, at most {field['maxLength']:,} characters" if field.get("maxLength") else text


def _by_id(field: Schema) -> str:
    (pattern, entry), *_ = field["patternProperties"].items()
    return f"entries, each named by {PATTERNS[pattern]}: {_held(entry)}"


def _bounds(field: Schema, of: str) -> str:
    least, most = field.get(f"min{of}"), field.get(f"max{of}")
    if most is None:
        return "" if least is None else f", {least:g} or more"
    return f", at most {most:g}" if least is None else f", {least:g} to {most:g}"


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
