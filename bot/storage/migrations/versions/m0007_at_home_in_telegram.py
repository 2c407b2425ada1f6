"""Was an answer helpful? What learners keep, and quizzes in groups with the votes on them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.add_column("questions", sa.Column("was_helpful", sa.Boolean(), nullable=True))
    op.create_table(
        "bookmarks",
        sa.Column("learner_id", RowId, nullable=False),
        sa.Column("note_id", sa.String(length=80), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_bookmarks_learner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "note_id", name=op.f("pk_bookmarks")),
    )
    op.create_table(
        "group_quizzes",
        sa.Column("id", RowId, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("skill_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("poll_id", sa.String(length=64), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_quizzes")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_group_quizzes_poll_id")),
    )
    op.create_index(op.f("ix_group_quizzes_chat_id_id"), "group_quizzes", ["chat_id", "id"])
    op.create_index(
        "ix_group_quizzes_open", "group_quizzes", ["closes_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "group_votes",
        sa.Column("quiz_id", RowId, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["group_quizzes.id"], name=op.f("fk_group_votes_quiz_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("quiz_id", "telegram_id", name=op.f("pk_group_votes")),
    )
    op.create_index(op.f("ix_group_votes_telegram_id"), "group_votes", ["telegram_id"])
    op.add_column("outbox", sa.Column("group_quiz_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "group_quiz_id")
    for table in ("group_votes", "group_quizzes", "bookmarks"):
        op.drop_table(table)
    op.drop_column("questions", "was_helpful")
