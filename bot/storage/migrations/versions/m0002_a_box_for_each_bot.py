"""A message belongs to the bot that promised it: another one has no business in its chats."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("bot_id", sa.BigInteger(), nullable=True))
    # What waits now was promised by the bot that was last at work here.
    op.execute("update outbox set bot_id = coalesce((select bot_id from inbox order by id desc limit 1), 0)")
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("bot_id", existing_type=sa.BigInteger(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("bot_id")
