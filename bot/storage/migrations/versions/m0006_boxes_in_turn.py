"""Indexes by which a box is read in the order of its rows' turns, however many wait."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UNSENT, OPEN = sa.text("failed_at IS NULL"), sa.text("done_at IS NULL")


def upgrade() -> None:
    op.drop_index(op.f("ix_outbox_failed_at_chat_id_id"), "outbox")
    columns = ["bot_id", "lane", "not_before", "id"]
    op.create_index("ix_outbox_turns", "outbox", columns, sqlite_where=UNSENT, postgresql_where=UNSENT)
    op.create_index("ix_outbox_chats", "outbox", ["chat_id", "lane", "id"])
    op.create_index("ix_inbox_turns", "inbox", ["bot_id", "id"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_inbox_turns", "inbox")
    op.drop_index("ix_outbox_chats", "outbox")
    op.drop_index("ix_outbox_turns", "outbox")
    op.create_index(op.f("ix_outbox_failed_at_chat_id_id"), "outbox", ["failed_at", "chat_id", "id"])
