"""What a handler finds in its hand: the journeys, the turn, and where to reply. Typed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from telegram import Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import Application, CallbackContext, ExtBot

from bot.chat.gate import Destination
from bot.chat.lately import Lately
from bot.chat.metrics import Metrics
from bot.chat.turn import Turn, current_turn
from bot.chat.views.reply import Reply
from bot.guidance.services import Services
from bot.observability import warn_once

logger = logging.getLogger(__name__)

SERVICES = "services"  # where app.py puts the journeys in `bot_data`
HINTS = "hints"  # and which kind lines were said just now
TAPS = "taps"  # and which buttons were pressed
METRICS = "metrics"  # and what is counted
OPERATORS = "operators"  # and the ids of those who may do more
TYPING_AFTER_SECONDS = 0.3  # most answers are there before, and need no call more
TYPING_SECONDS = 4.5  # Telegram shows the action for 5

BotApplication = Application[Any, "BotContext", Any, Any, Any, Any]


class BotContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The context of one update."""

    incoming: Update
    services: Services  # those of the update's beginning: a reload does not reach into a turn

    @classmethod
    def from_update(cls, update: object, application: BotApplication) -> "BotContext":
        context = super().from_update(update, application)
        context.incoming = cast("Update", update)
        context.services = cast("Services", application.bot_data[SERVICES])
        return context

    @property
    def metrics(self) -> Metrics:
        return cast("Metrics", self.bot_data[METRICS])

    @property
    def turn(self) -> Turn:
        return current_turn()

    @property
    def telegram_id(self) -> int:
        """Who is behind the update; nobody has the number 0."""
        user = self.incoming.effective_user
        return user.id if user else 0

    async def reply(self, reply: Reply) -> None:
        """Promise `reply` to the chat the update came from."""
        destination = destination_of(self.incoming)
        if destination is not None:
            await self.turn.reply(reply, destination)

    async def hint(self, line: Reply) -> None:
        """Promise a kind line that would come again and again; in each chat once a minute is enough."""
        if self.is_news(line):
            await self.reply(line)

    def is_news(self, line: Reply) -> bool:
        """Whether `line` was not said in this chat within the last minute; from now on it counts as said."""
        chat, hints = self.incoming.effective_chat, cast("Lately", self.bot_data[HINTS])
        said = (chat.id if chat else 0, line.text.text)
        return chat is not None and hints.is_news(said, self.incoming.update_id, self.turn.now)

    def is_double_tap(self, message_id: int, button: str) -> bool:
        """Whether the same person pressed the same button of this message a moment ago."""
        chat, taps = self.incoming.effective_chat, cast("Lately", self.bot_data[TAPS])
        pressed = (chat.id if chat else 0, self.telegram_id, message_id, button)
        return not taps.is_news(pressed, self.incoming.update_id, self.turn.now)

    @property
    def is_private(self) -> bool:
        """Whether only the learner reads along."""
        chat = self.incoming.effective_chat
        return chat is not None and chat.type == chat.PRIVATE

    @property
    def is_group(self) -> bool:
        """Whether a group reads along; a vote names no chat, and is in none."""
        chat = self.incoming.effective_chat
        return chat is not None and chat.type in (chat.GROUP, chat.SUPERGROUP)

    @property
    def is_operator(self) -> bool:
        """Whether an operator writes in their own chat with the bot."""
        return self.is_private and self.telegram_id in self.bot_data[OPERATORS]

    async def learner_id(self) -> int | None:
        """The learner behind the update, written down if new; None for a channel or an anonymous admin."""
        user = self.incoming.effective_user
        if user is None or user.is_bot:
            return None
        tx = await self.turn.begin()
        meet, is_private = self.services.enrol.meet, self.is_private
        return await meet(tx, user.id, user.language_code, self.turn.now, is_private=is_private)

    @asynccontextmanager
    async def typing(self) -> AsyncIterator[None]:
        """Show "typing" where the work in the `with` block takes its time."""
        destination = destination_of(self.incoming)
        shown = asyncio.create_task(self._keep_typing(destination)) if destination else None
        try:
            yield
        finally:
            if shown:
                shown.cancel()

    async def _keep_typing(self, to: Destination) -> None:
        await asyncio.sleep(TYPING_AFTER_SECONDS)
        while True:
            try:
                await self.bot.send_chat_action(to.chat_id, ChatAction.TYPING, message_thread_id=to.thread_id)
            except TelegramError as error:
                warn_once(logger, "typing cannot be shown: %s", error)
                return
            await asyncio.sleep(TYPING_SECONDS)


def destination_of(update: Update) -> Destination | None:
    """Where a reply to `update` goes; in a group it answers the message it is about."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None:
        return None
    if message is None or not message.is_accessible:
        return Destination(chat.id)
    thread_id = message.message_thread_id if message.is_topic_message else None
    is_button = update.callback_query is not None
    in_group = chat.type != chat.PRIVATE
    return Destination(chat.id, thread_id, message.message_id if in_group and not is_button else None)
