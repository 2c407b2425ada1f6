"""Which of many texts mean the same? Groups them by their embeddings."""

from collections.abc import Sequence

from index.embedder import Embedder

SAME_MATTER = 0.70  # cosine of all-MiniLM-L6-v2 to the first of a group; chosen by reading groups of our exam


def grouped(texts: Sequence[str], embedder: Embedder) -> list[list[str]]:
    """Groups of texts about one matter, largest first; each begins with the text the others are like."""
    groups: list[list[int]] = []
    vectors = embedder.embed(texts)
    for number, vector in enumerate(vectors):
        near = next((group for group in groups if vectors[group[0]] @ vector >= SAME_MATTER), None)
        if near is None:
            groups.append([number])
        else:
            near.append(number)
    ordered = sorted(groups, key=lambda group: -len(group))
    return [[texts[number] for number in group] for group in ordered]
