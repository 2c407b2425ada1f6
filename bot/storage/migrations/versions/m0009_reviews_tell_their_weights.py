"""An answer that was a review tells the weights of the scheduler it was counted with."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempts", sa.Column("weights_version", sa.String(40)))


def downgrade() -> None:
    op.drop_column("attempts", "weights_version")
