"""Which function answers which Bot API method? The list of all there are; rules live in their own modules."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.sandbox import (
    methods_edits,
    methods_inline,
    methods_messages,
    methods_polls,
    methods_profile,
    methods_updates,
)
from bot.sandbox.calls import Call

Method = Callable[[Call], object | Awaitable[object]]

_METHODS: dict[str, Method] = {
    "getMe": methods_profile.get_me,
    "logOut": methods_profile.accept,
    "close": methods_profile.accept,
    "getUpdates": methods_updates.get_updates,
    "setWebhook": methods_updates.set_webhook,
    "deleteWebhook": methods_updates.delete_webhook,
    "getWebhookInfo": methods_updates.get_webhook_info,
    "sendMessage": methods_messages.send_message,
    "sendPhoto": methods_messages.send_photo,
    "sendDocument": methods_messages.send_document,
    "sendChatAction": methods_messages.send_chat_action,
    "copyMessage": methods_messages.copy_message,
    "forwardMessage": methods_messages.forward_message,
    "sendPoll": methods_polls.send_poll,
    "stopPoll": methods_polls.stop_poll,
    "editMessageText": methods_edits.edit_message_text,
    "editMessageCaption": methods_edits.edit_message_caption,
    "editMessageReplyMarkup": methods_edits.edit_message_reply_markup,
    "editMessageMedia": methods_edits.edit_message_media,
    "deleteMessage": methods_edits.delete_message,
    "deleteMessages": methods_edits.delete_messages,
    "answerCallbackQuery": methods_edits.answer_callback_query,
    "answerInlineQuery": methods_inline.answer_inline_query,
    "setMessageReaction": methods_edits.set_message_reaction,
    "setMyCommands": methods_profile.set_my_commands,
    "getMyCommands": methods_profile.get_my_commands,
    "deleteMyCommands": methods_profile.delete_my_commands,
    "setMyName": partial(methods_profile.set_profile, field="name"),
    "getMyName": partial(methods_profile.get_profile, field="name"),
    "setMyDescription": partial(methods_profile.set_profile, field="description"),
    "getMyDescription": partial(methods_profile.get_profile, field="description"),
    "setMyShortDescription": partial(methods_profile.set_profile, field="short_description"),
    "getMyShortDescription": partial(methods_profile.get_profile, field="short_description"),
    "setChatMenuButton": methods_profile.set_chat_menu_button,
    "getChatMenuButton": methods_profile.get_chat_menu_button,
    "getChat": methods_profile.get_chat,
    "getChatMember": methods_profile.get_chat_member,
    "leaveChat": methods_profile.leave_chat,
    "getFile": methods_profile.get_file,
}
_BY_LOWER_NAME = {name.lower(): method for name, method in _METHODS.items()}

METHOD_NAMES = tuple(_METHODS)


def find_method(name: str) -> Method | None:
    """The function behind a method's name, which the Bot API reads in any case."""
    return _BY_LOWER_NAME.get(name.lower())
