"""A message knows the update it answers, or the broadcast it belongs to; who said /stop gets no broadcast."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger, nullable=False),
        sa.Column("telegram_id", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("last_learner_id", ROW_ID, nullable=False),
        sa.Column("written", sa.Integer, nullable=False),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    op.add_column("outbox", sa.Column("inbox_id", sa.BigInteger))
    op.add_column("outbox", sa.Column("broadcast_id", sa.BigInteger))
    op.create_index(op.f("ix_outbox_broadcast_id"), "outbox", ["broadcast_id"])
    op.add_column("learners", sa.Column("stopped_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("learners", "stopped_at")
    op.drop_index(op.f("ix_outbox_broadcast_id"), "outbox")
    op.drop_column("outbox", "broadcast_id")
    op.drop_column("outbox", "inbox_id")
    op.drop_table("broadcasts")
