"""What is remembered, column by column; nothing else. Times are aware UTC."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    true,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps no zone, so it is taken off and put back on."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class AnyText(TypeDecorator[str]):
    """Text of any origin: what no database takes, half a surrogate pair or a NUL, is replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value and value.encode(errors="replace").decode().replace("\0", "\ufffd")


MAX_ID = 2**63 - 1  # what a BigInteger holds; Telegram's ids have 52 bits
IS_JSON = "is_json"  # in a column's info: its text is JSON
RowId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only plain INTEGER keys

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

learners = Table(
    "learners",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("telegram_id", BigInteger, nullable=False, unique=True),
    Column("language", String(35)),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("blocked_at", UtcDateTime),
    Column("track_id", String(40)),
    Column("standing", String(10)),
    Column("hours_a_week", Integer),
    Column("timezone", String(64)),
    Column("enrolment", String(10)),
    Column("awaits", String(10)),
    Column("awaits_since", UtcDateTime),
    Column("daily_time", Time),
    Column("daily_every", Integer, nullable=False, default=1, server_default="1"),
    Column("next_prompt_at", UtcDateTime),
    Column("prompts_ignored", Integer, nullable=False, default=0, server_default="0"),
    Column("next_summary_at", UtcDateTime),
    Column("stopped_at", UtcDateTime),
    Column("has_private_chat", Boolean, nullable=False, default=True, server_default=true()),
)
_reachable = learners.c.blocked_at.is_(None)  # those who left are never due, and become many
for _time in ("next_prompt_at", "next_summary_at"):
    Index(
        f"ix_learners_{_time}",
        *learners.c[_time, "id"],
        sqlite_where=_reachable,
        postgresql_where=_reachable,
    )

placements = Table(
    "placements",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("learner_id", RowId, ForeignKey("learners.id", ondelete="CASCADE"), nullable=False),
    Column("track_id", String(40), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(None, "learner_id", "id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("learner_id", RowId, ForeignKey("learners.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", String(10), nullable=False),
    Column("skill_id", String(40), nullable=False),
    Column("item_id", String(80), nullable=False),
    Column("options", JSON, nullable=False),
    Column("difficulty", Float, nullable=False),
    Column("shown_at", UtcDateTime, nullable=False),
    Column("poll_id", String(64), unique=True),
    Column("had_hint", Boolean, nullable=False, default=False),
    Column("chosen", String(10)),
    Column("outcome", String(10)),
    Column("answered_at", UtcDateTime),
    Column("answered_on", Date),
    Column("weights_version", String(40)),
    Index(None, "learner_id", "id"),
    Index(None, "skill_id", "item_id"),
)

prompts = Table(
    "prompts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("learner_id", RowId, ForeignKey("learners.id", ondelete="CASCADE"), nullable=False),
    Column("local_on", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt_id", RowId, ForeignKey("attempts.id", ondelete="SET NULL")),
    Column("due_at", UtcDateTime, nullable=False),
    UniqueConstraint("learner_id", "local_on"),
    Index(None, "attempt_id"),
)
_planned = prompts.c.state == "planned"
Index(
    "ix_prompts_planned",
    *prompts.c["due_at", "id"],
    sqlite_where=_planned,
    postgresql_where=_planned,
)

cards = Table(
    "cards",
    metadata,
    Column("learner_id", RowId, ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True),
    Column("skill_id", String(40), primary_key=True),
    Column("card", Text, nullable=False, info={IS_JSON: True}),
)

wishes = Table(
    "wishes",
    metadata,
    Column("learner_id", RowId, ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True),
    Column("skill_id", String(40), primary_key=True),
    Column("wish", String(10), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("learner_id", RowId, ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True),
    Column("skill_id", String(40), primary_key=True),
    Column("item_id", String(80), primary_key=True),
    Column("reported_at", UtcDateTime, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("learner_id", RowId, ForeignKey("learners.id", ondelete="CASCADE"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("text", AnyText, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("passage_id", String(80)),
    Column("score", Float, nullable=False),
    Column("was_helpful", Boolean),
    Column("settled_at", UtcDateTime),
    Index(None, "learner_id", "asked_at"),
)

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("learner_id", RowId, ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True),
    Column("note_id", String(80), primary_key=True),
    Column("saved_at", UtcDateTime, nullable=False),
)

group_quizzes = Table(
    "group_quizzes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("skill_id", String(40), nullable=False),
    Column("item_id", String(80), nullable=False),
    Column("options", JSON, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("closes_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("poll_id", String(64), unique=True),
    Column("message_id", BigInteger),
    Index(None, "chat_id", "id"),
)
_unclosed = group_quizzes.c.closed_at.is_(None)
Index(
    "ix_group_quizzes_open",
    group_quizzes.c.closes_at,
    sqlite_where=_unclosed,
    postgresql_where=_unclosed,
)

group_votes = Table(
    "group_votes",
    metadata,
    Column("quiz_id", RowId, ForeignKey("group_quizzes.id", ondelete="CASCADE"), primary_key=True),
    Column("telegram_id", BigInteger, primary_key=True),
    Column("name", AnyText, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("voted_at", UtcDateTime, nullable=False),
    Index(None, "telegram_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("learner_key", BigInteger, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("error", AnyText),
    Column("done_at", UtcDateTime),
    UniqueConstraint("bot_id", "update_id", "digest"),
    Index(None, "done_at", "learner_key", "id"),
)
_open = inbox.c.done_at.is_(None)  # what is done with is kept for days, what waits is little
Index("ix_inbox_turns", *inbox.c["bot_id", "id"], sqlite_where=_open, postgresql_where=_open)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("method", String(40), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("fallback", JSON(none_as_null=True)),
    Column("attempt_id", RowId, ForeignKey("attempts.id", ondelete="SET NULL")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("error", AnyText),
    Column("failed_at", UtcDateTime),
    Column("begun_at", UtcDateTime),  # a message of the bulk lane is on its way since then, or was at a crash
    Column("lane", Integer, nullable=False, default=0, server_default="0"),
    Column("inbox_id", BigInteger),  # no key: the update is forgotten sooner than a message that failed
    Column("broadcast_id", BigInteger),  # no key either: what was begun is sent, also where this is erased
    Index(None, "broadcast_id"),
    Column("group_quiz_id", BigInteger),
    Column("not_after", UtcDateTime),  # of a daily prompt: later it is not sent any more
)
_unsent = outbox.c.failed_at.is_(None)
Index(
    "ix_outbox_turns",
    *outbox.c["bot_id", "lane", "not_before", "id"],
    sqlite_where=_unsent,
    postgresql_where=_unsent,
)
Index("ix_outbox_chats", *outbox.c["chat_id", "lane", "id"])

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("telegram_id", BigInteger, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("last_learner_id", RowId, nullable=False),
    Column("written", Integer, nullable=False),
    Column("withdrawn", Integer, nullable=False),
)
