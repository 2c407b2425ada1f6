"""What does the bot say of itself, and ask about chats? Commands, names, menu buttons, getChat and kin."""

import re

from bot.sandbox.calls import Call, find_chat, forbidden
from bot.sandbox.media import file_object
from bot.sandbox.values import Json, refuse, utf16_length
from bot.sandbox.world import BOT_ID, Event

MAX_COMMANDS = 100
MAX_COMMAND = 32
MAX_COMMAND_DESCRIPTION = 256
PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024

_SCOPES = (
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators",
    "chat", "chat_administrators", "chat_member",
)  # fmt: skip
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"([a-z]{2})?")


def get_me(call: Call) -> Json:
    """The bot as its own user, with what it can do."""
    abilities = dict.fromkeys(("can_connect_to_business", "has_main_web_app"), False)
    abilities["supports_inline_queries"] = call.world.options.inline
    return call.world.bot | {"can_join_groups": True, "can_read_all_group_messages": False} | abilities


def _scope_key(call: Call) -> tuple[str, str]:
    """A list of commands belongs to one scope and one language."""
    scope = call.params.json("scope", "BotCommandScope")
    scope = {"type": "default"} if scope is None else scope
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in _SCOPES:
        refuse("can't parse BotCommandScope: Unsupported type specified")
    ids = [str(scope[name]) for name in ("chat_id", "user_id") if name in scope]
    return ":".join([str(kind), *ids]), _language(call)


def _language(call: Call) -> str:
    code = call.params.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        refuse("invalid language code specified")
    return code


def set_my_commands(call: Call) -> bool:
    """Replace a list of commands; one bad command and the whole list is refused."""
    commands = call.params.json("commands", "commands")
    if not isinstance(commands, list):
        refuse("expected an Array of BotCommand")
    key = _scope_key(call)
    checked = [_check_command(one) for one in commands]
    if len(checked) > MAX_COMMANDS:
        refuse("BOT_COMMANDS_TOO_MUCH")
    if any(not _COMMAND.fullmatch(one["command"]) for one in checked):
        refuse("BOT_COMMAND_INVALID")
    _store_commands(call, key, checked)
    return True


def _check_command(command: object) -> Json:
    if not isinstance(command, dict) or not isinstance(command.get("command"), str):
        refuse("can't parse BotCommand: Can't find field \"command\"")
    name = command["command"].strip().removeprefix("/")
    description = str(command.get("description", "")).strip()
    if not name:
        refuse("command must be non-empty")
    if utf16_length(name) > MAX_COMMAND:
        refuse(f"command length must not exceed {MAX_COMMAND}")
    if not description:
        refuse("command description must be non-empty")
    if utf16_length(description) > MAX_COMMAND_DESCRIPTION:
        refuse(f"command description length must not exceed {MAX_COMMAND_DESCRIPTION}")
    return {"command": name, "description": description}


def _store_commands(call: Call, key: tuple[str, str], commands: list[Json]) -> None:
    if commands:
        call.world.commands[key] = commands
    else:
        call.world.commands.pop(key, None)
    call.world.tell(Event("commands", {"commands": commands, "scope": key[0], "language_code": key[1]}))


def get_my_commands(call: Call) -> list[Json]:
    """Exactly the list of this scope and language; there is no fallback here."""
    return call.world.commands.get(_scope_key(call), [])


def delete_my_commands(call: Call) -> bool:
    """Forget one list of commands."""
    _store_commands(call, _scope_key(call), [])
    return True


def set_profile(call: Call, field: str) -> bool:
    """Set the name, description or short description, for one language or all."""
    text = call.params.text(field).strip()
    if utf16_length(text) > PROFILE_LIMITS[field]:
        refuse(f"bot {field.replace('_', ' ')} is too long")
    key = (field, _language(call))
    if text:
        call.world.profile[key] = text
    else:
        call.world.profile.pop(key, None)
    return True


def get_profile(call: Call, field: str) -> Json:
    """One of these texts in a language, or for all languages where that has none."""
    profile = call.world.profile
    default = call.world.bot["first_name"] if field == "name" else ""
    return {field: profile.get((field, _language(call)), profile.get((field, ""), default))}


def set_chat_menu_button(call: Call) -> bool:
    """Set the menu button of one private chat, or of all."""
    button = call.params.json("menu_button", "MenuButton") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("commands", "web_app", "default"):
        refuse("can't parse menu button: MenuButton has unsupported type")
    if call.params.has("chat_id"):
        find_chat(call).menu_button = button
    else:
        call.world.menu_button = button
    return True


def get_chat_menu_button(call: Call) -> Json:
    """The menu button of a chat, or of all."""
    chosen = find_chat(call).menu_button if call.params.has("chat_id") else None
    return chosen or call.world.menu_button


def get_chat(call: Call) -> Json:
    """All the bot may know of a chat."""
    chat = find_chat(call)
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    full = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    return call.world.describe(chat) | full


def get_chat_member(call: Call) -> Json:
    """Whether somebody is in a chat."""
    chat = find_chat(call)
    user_id = call.params.integer("user_id")
    user = call.world.bot if user_id == BOT_ID else call.world.users.get(user_id)
    if user is None:
        refuse("user not found")
    is_in = not chat.is_left if user_id == BOT_ID else user_id in chat.member_ids
    return {"status": "member" if is_in else "left", "user": user}


def leave_chat(call: Call) -> bool:
    """Leave a group; afterwards the bot may not write there."""
    chat = find_chat(call)
    if chat.is_private:
        refuse("chat member status can't be changed in private chats")
    if chat.is_left:
        forbidden(f"bot is not a member of the {chat.kind} chat")
    chat.is_left = True
    return True


def get_file(call: Call) -> Json:
    """Where the bytes of a file can be downloaded."""
    stored = call.world.files.get(call.params.text("file_id"))
    if stored is None:
        refuse("invalid file_id")
    if len(stored.content) > MAX_DOWNLOAD_BYTES:
        refuse("file is too big")
    return file_object(stored) | {"file_path": stored.path}


def accept(call: Call) -> bool:
    """`close` and `logOut`, which leave nothing to do here."""
    return True
