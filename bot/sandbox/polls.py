"""What does a poll hold, who voted, and who may see what of it? Votes only; sending is elsewhere."""

import secrets
from dataclasses import dataclass, field

from bot.sandbox.values import BadInput, Json


@dataclass
class Poll:
    """One poll of the bot; `quiz` has correct options and allows one vote."""

    chat_id: int
    question: Json
    options: list[Json]
    is_quiz: bool
    is_anonymous: bool
    allows_multiple_answers: bool
    allows_revoting: bool
    correct_option_ids: list[int]
    extras: Json = field(default_factory=dict)
    explanation: Json = field(default_factory=dict)
    is_closed: bool = False
    message_id: int = 0
    """Known once the poll was sent."""
    poll_id: str = field(default_factory=lambda: str(secrets.randbits(62)))
    votes: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for option in self.options:
            option["persistent_id"] = secrets.token_hex(4)

    def vote(self, learner_id: int, option_ids: list[int]) -> None:
        """Record a vote (an empty list retracts it), or say why it cannot be."""
        if self.is_closed:
            raise BadInput("the poll is closed")
        if len(set(option_ids)) > 1 and not self.allows_multiple_answers:
            raise BadInput("this poll takes one option only")
        if not self.allows_revoting and (learner_id in self.votes or not option_ids):
            raise BadInput("this poll takes one vote of each learner, for good")
        if any(not 0 <= number < len(self.options) for number in option_ids):
            raise BadInput(f"option ids must be between 0 and {len(self.options) - 1}")
        if option_ids:
            self.votes[learner_id] = sorted(set(option_ids))
        else:
            self.votes.pop(learner_id, None)

    def persistent_ids(self, option_ids: list[int]) -> list[str]:
        return [self.options[number]["persistent_id"] for number in option_ids]

    def for_bot(self) -> Json:
        """The poll as the bot that sent it sees it: with the key."""
        poll = self._public() | self.explanation
        if self.is_quiz:
            poll["correct_option_ids"] = self.correct_option_ids
        return poll

    def in_message(self) -> Json:
        """The same inside a Message, which alone carries the description."""
        return self.for_bot() | self.extras

    def for_learners(self) -> Json:
        """The poll for the page: the key and the explanation appear once someone voted or it is closed."""
        known = self.in_message() if self.votes or self.is_closed else self._public() | self.extras
        return known | {"votes": {str(learner): options for learner, options in self.votes.items()}}

    def _public(self) -> Json:
        counts = [
            sum(number in chosen for chosen in self.votes.values()) for number in range(len(self.options))
        ]
        options = [
            option | {"voter_count": count} for option, count in zip(self.options, counts, strict=True)
        ]
        return self.question | {
            "id": self.poll_id,
            "options": options,
            "total_voter_count": len(self.votes),
            "is_closed": self.is_closed,
            "is_anonymous": self.is_anonymous,
            "type": "quiz" if self.is_quiz else "regular",
            "allows_multiple_answers": self.allows_multiple_answers,
            "allows_revoting": self.allows_revoting,
            "members_only": False,
        }
