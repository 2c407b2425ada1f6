"""Attempts, memory cards and wishes of a learner; a poll that is sent tells its attempt."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", RowId, nullable=False),
        sa.Column("learner_id", RowId, nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("skill_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("difficulty", sa.Float(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("poll_id", sa.String(length=64), nullable=True),
        sa.Column("had_hint", sa.Boolean(), nullable=False),
        sa.Column("chosen", sa.String(length=10), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        _learner("attempts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_attempts_poll_id")),
    )
    op.create_index(op.f("ix_attempts_learner_id_id"), "attempts", ["learner_id", "id"])
    op.create_index(op.f("ix_attempts_skill_id_item_id"), "attempts", ["skill_id", "item_id"])

    op.create_table(
        "cards",
        sa.Column("learner_id", RowId, nullable=False),
        sa.Column("skill_id", sa.String(length=40), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        _learner("cards"),
        sa.PrimaryKeyConstraint("learner_id", "skill_id", name=op.f("pk_cards")),
    )
    op.create_table(
        "wishes",
        sa.Column("learner_id", RowId, nullable=False),
        sa.Column("skill_id", sa.String(length=40), nullable=False),
        sa.Column("wish", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _learner("wishes"),
        sa.PrimaryKeyConstraint("learner_id", "skill_id", name=op.f("pk_wishes")),
    )
    op.create_table(
        "reports",
        sa.Column("learner_id", RowId, nullable=False),
        sa.Column("skill_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        _learner("reports"),
        sa.PrimaryKeyConstraint("learner_id", "skill_id", "item_id", name=op.f("pk_reports")),
    )

    with op.batch_alter_table("outbox") as outbox:  # no message had a fallback so far
        outbox.drop_column("fallback")
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("fallback", sa.JSON(), nullable=True))
        outbox.add_column(sa.Column("attempt_id", RowId, nullable=True))
        outbox.create_foreign_key(
            op.f("fk_outbox_attempt_id"), "attempts", ["attempt_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint(op.f("fk_outbox_attempt_id"), type_="foreignkey")
        outbox.drop_column("attempt_id")
        outbox.drop_column("fallback")
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("fallback", sa.Text(), nullable=True))
    for table in ("reports", "wishes", "cards", "attempts"):
        op.drop_table(table)


def _learner(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_learner_id")
    return sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=name, ondelete="CASCADE")
