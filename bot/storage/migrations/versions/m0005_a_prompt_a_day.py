"""When a learner wants a daily prompt, and which they got: at most one on a local date."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SET = {  # the kind of each column, and what it holds for learners who are there already
    "daily_time": (sa.Time(), None),
    "daily_every": (sa.Integer(), "1"),
    "next_prompt_at": (sa.DateTime(timezone=True), None),
    "prompts_ignored": (sa.Integer(), "0"),
    "next_summary_at": (sa.DateTime(timezone=True), None),
}


def upgrade() -> None:
    for name, (kind, default) in SET.items():
        op.add_column("learners", sa.Column(name, kind, nullable=default is None, server_default=default))
    for name in ("next_prompt_at", "next_summary_at"):
        op.create_index(op.f(f"ix_learners_{name}"), "learners", [name])
    op.create_table(
        "prompts",
        sa.Column("id", RowId, nullable=False),
        sa.Column("learner_id", RowId, nullable=False),
        sa.Column("local_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt_id", RowId, nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_prompts_learner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_prompts_attempt_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompts")),
        sa.UniqueConstraint("learner_id", "local_on", name=op.f("uq_prompts_learner_id_local_on")),
    )
    op.create_index(op.f("ix_prompts_attempt_id"), "prompts", ["attempt_id"])


def downgrade() -> None:
    op.drop_table("prompts")
    for name in ("next_prompt_at", "next_summary_at"):
        op.drop_index(op.f(f"ix_learners_{name}"), "learners")
    for name in SET:  # not by a batch: a learners table made anew would take everything with it
        op.drop_column("learners", name)
