"""Somebody types in any chat: short answers to choose from. Nothing of it is remembered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.guidance.ask import Ask
from bot.guidance.results import Cards, WishHeard
from index.answer import Abstention, Answer, Reason, TwoAnswers, answer_with
from index.excerpt import FIRST_MESSAGE, excerpt
from knowledge.schema import Note

MORE = 4  # notes that lead on, after the one that answers: as many cards as a phone shows without scrolling
_WITHOUT_OFFERS: tuple[Reason, ...] = ("off_path", "other_language")


@dataclass(frozen=True)
class Inline:
    """Answers without a chat."""

    ask: Ask

    async def find(self, text: str) -> Cards:
        """The best answer and what lead on; for an empty query where to begin."""
        library = self.ask.library
        if not text.strip():
            return Cards(self._short(library.starters))
        _, heard = await self.ask.hear(text)
        match heard:
            case Answer():
                return Cards((heard, *self._short(heard.related[:MORE])))
            case TwoAnswers(parts):
                return Cards(parts)
            case Abstention(reason, offers):
                return Cards(() if reason in _WITHOUT_OFFERS else self._short(offers), reason)
            case WishHeard():
                return Cards(self._short(library.starters), "a_wish")
        return Cards(self._short(library.starters))

    def _short(self, notes: Iterable[Note]) -> tuple[Answer, ...]:
        """What comes first of each note."""
        found = []
        for note in notes:
            text = excerpt(note.body, note.title, FIRST_MESSAGE)
            whole = answer_with(note, self.ask.library)
            found.append(replace(whole, text=text, is_whole=text == note.body))
        return tuple(found)
