"""What learners say of themselves (goal, standing, hours, place), their placements, lanes to send in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


TOLD = {
    "track_id": sa.String(length=40),
    "standing": sa.String(length=10),
    "hours_a_week": sa.Integer(),
    "timezone": sa.String(length=64),
    "enrolment": sa.String(length=10),
    "awaits": sa.String(length=10),
    "awaits_since": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    for name, kind in TOLD.items():
        op.add_column("learners", sa.Column(name, kind, nullable=True))
    op.create_table(
        "placements",
        sa.Column("id", RowId, nullable=False),
        sa.Column("learner_id", RowId, nullable=False),
        sa.Column("track_id", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name=op.f("fk_placements_learner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
    )
    op.create_index(op.f("ix_placements_learner_id_id"), "placements", ["learner_id", "id"])
    op.add_column("outbox", sa.Column("lane", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("outbox", "lane")
    op.drop_table("placements")
    for name in TOLD:  # not by a batch: a learners table made anew would take everything with it
        op.drop_column("learners", name)
