"""Prompts are claimed many at once, and made one by one; who left is in no index of those who are due."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TIMES = ("next_prompt_at", "next_summary_at")


def upgrade() -> None:
    op.execute("alter table prompts rename column sent_at to due_at")
    planned = sa.text("state = 'planned'")
    op.create_index(
        "ix_prompts_planned", "prompts", ["due_at", "id"], sqlite_where=planned, postgresql_where=planned
    )
    reachable = sa.text("blocked_at is null")
    for time in _TIMES:
        op.drop_index(f"ix_learners_{time}", "learners")
        op.create_index(
            f"ix_learners_{time}",
            "learners",
            [time, "id"],
            sqlite_where=reachable,
            postgresql_where=reachable,
        )
    private = sa.Column("has_private_chat", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("learners", private)
    op.add_column("outbox", sa.Column("not_after", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("outbox", "not_after")
    op.drop_column("learners", "has_private_chat")
    for time in _TIMES:
        op.drop_index(f"ix_learners_{time}", "learners")
        op.create_index(f"ix_learners_{time}", "learners", [time])
    op.drop_index("ix_prompts_planned", "prompts")
    op.execute("update prompts set state = 'skipped' where state = 'planned'")
    op.execute("alter table prompts rename column due_at to sent_at")
