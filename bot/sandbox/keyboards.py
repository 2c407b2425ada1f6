"""Is this reply markup one that Telegram takes? Reads and judges keyboards; pressing is for learners.py."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.links import BadLink, checked_link
from bot.sandbox.params import Params
from bot.sandbox.values import Json, refuse, utf16_length

MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
"""Per message; undocumented (telegram.constants.InlineKeyboardMarkupLimit)."""
MAX_BUTTONS_IN_ROW = 8
MAX_COPY_TEXT = 256
MAX_PLACEHOLDER = 64
_STYLES = ("primary", "success", "danger")
# The order in which the Bot API server looks for an action: the first one found is the button's only one.
_ACTIONS = (
    "url", "callback_data", "callback_game", "pay", "switch_inline_query", "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat", "login_url", "web_app", "copy_text",
)  # fmt: skip
_BOOLEANS = (
    "remove_keyboard",
    "selective",
    "force_reply",
    "resize_keyboard",
    "one_time_keyboard",
    "is_persistent",
)


@dataclass
class Keyboard:
    """A reply markup: `inline` belongs to the message, `reply` (or its removal) to the learner's screen."""

    inline: Json | None = None
    reply: Json | None = None
    dropped: list[str] = field(default_factory=list)


def read_keyboard(params: Params) -> Keyboard:
    """Read `reply_markup`; what is not even a keyboard is refused here, before the chat is looked up."""
    if not params.has("reply_markup"):
        return Keyboard()
    value = params.json("reply_markup", "reply keyboard markup")
    if not isinstance(value, dict):
        refuse("object expected as reply markup")
    for name in _BOOLEANS:
        if not isinstance(value.get(name, False), bool):
            refuse(f'field "{name}" must be of type Boolean')
    keyboard = Keyboard()
    if rows := _rows(value, "keyboard"):
        keyboard.reply = {**value, "keyboard": [[_reply_button(one) for one in row] for row in rows]}
    elif rows := _rows(value, "inline_keyboard"):
        buttons = [[_inline_button(one, keyboard.dropped) for one in row] for row in rows]
        keyboard.inline = {"inline_keyboard": [row for row in buttons if row]}
    elif value.get("remove_keyboard") or value.get("force_reply"):
        keyboard.reply = value
    return keyboard


def _rows(value: Json, name: str) -> list[list[Any]]:
    rows = value.get(name, [])
    if not isinstance(rows, list):
        refuse(f'field "{name}" must be of type Array')
    if any(not isinstance(row, list) for row in rows):
        owner = " of the InlineKeyboardMarkup" if name == "inline_keyboard" else ""
        refuse(f'field "{name}"{owner} must be an Array of Arrays')
    return rows


def _reply_button(button: object) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict):
        refuse("can't parse keyboard button: KeyboardButton must be a String or an Object")
    _require_text(button, "keyboard button")
    return button


def _require_text(button: Json, what: str) -> None:
    if "text" not in button:
        refuse(f"can't parse {what}: Can't find field \"text\"")
    if not isinstance(button["text"], str):
        refuse(f'can\'t parse {what}: Field "text" must be of type String')


def _inline_button(button: object, dropped: list[str]) -> Json:
    if not isinstance(button, dict):
        refuse("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    _require_text(button, "inline keyboard button")
    if button.get("style", "primary") not in _STYLES:
        refuse("can't parse inline keyboard button: Invalid button style specified")
    actions = [name for name in _ACTIONS if name in button and button[name] not in ("", None)]
    if not actions:
        refuse("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        dropped.append(f"button {button['text']!r} has {' and '.join(actions)}; only {actions[0]} is kept")
    return {name: value for name, value in button.items() if name not in actions[1:] and value is not None}


def check_keyboard(keyboard: Keyboard) -> None:
    """What the far server refuses once the chat is known: data, addresses, the number of buttons."""
    if keyboard.reply:
        _check_reply(keyboard.reply)
    rows = keyboard.inline["inline_keyboard"] if keyboard.inline else []
    for button in (one for row in rows for one in row):
        _check_action(button)
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        refuse("reply markup is too long")
    if any(len(row) > MAX_BUTTONS_IN_ROW for row in rows):
        keyboard.dropped.append(
            f"a row of more than {MAX_BUTTONS_IN_ROW} buttons may not be shown as one row"
        )


def _check_reply(markup: Json) -> None:
    if any(not button["text"].strip() for row in markup.get("keyboard", []) for button in row):
        refuse("keyboard button text must be non-empty")
    if utf16_length(markup.get("input_field_placeholder", "")) > MAX_PLACEHOLDER:
        refuse("REPLY_MARKUP_PLACEHOLDER_INVALID")


def _check_action(button: Json) -> None:
    if not button["text"].strip():
        refuse("inline keyboard button text must be non-empty")
    if "url" in button:
        button["url"] = _checked_url(button["url"])
    data = button.get("callback_data")
    if data is not None and len(str(data).encode()) > MAX_CALLBACK_BYTES:
        refuse("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= utf16_length(button["copy_text"].get("text", "")) <= MAX_COPY_TEXT:
        refuse("BUTTON_COPY_TEXT_INVALID")
    if "pay" in button or "callback_game" in button:
        refuse("BUTTON_TYPE_INVALID")
    if "web_app" in button and not str(button["web_app"].get("url", "")).startswith("https://"):
        url = button["web_app"].get("url", "")
        refuse(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def _checked_url(url: str) -> str:
    try:
        return checked_link(url)
    except BadLink as reason:
        refuse(f"inline keyboard button URL '{url}' is invalid: {reason}")
