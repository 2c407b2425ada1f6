"""What does a learner still remember? One card a skill, as the scheduler left it."""

from sqlalchemy import select, update

from bot.storage.database import Transaction, insert_new
from bot.storage.tables import cards

StoredCard = str  # as JSON


async def keep(tx: Transaction, learner_id: int, skill_id: str, card: StoredCard) -> None:
    """Write the card of a skill, in the place of the one before."""
    row = {"learner_id": learner_id, "skill_id": skill_id, "card": card}
    await tx.execute(insert_new(tx, cards).values(row))
    here = (cards.c.learner_id == learner_id, cards.c.skill_id == skill_id)
    await tx.execute(update(cards).where(*here).values(card=card))


async def of_learner(connection: Transaction, learner_id: int) -> dict[str, StoredCard]:
    """The cards by skill."""
    here = cards.c.learner_id == learner_id
    rows = await connection.execute(select(cards.c.skill_id, cards.c.card).where(here))
    return {skill_id: card for skill_id, card in rows}
