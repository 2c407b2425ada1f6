"""What of a note comes first: its first sentence always, what the question names, in the note's own order?"""

import pytest

from index.excerpt import FIRST_MESSAGE, GAP, WHOLE_LIST, WORTH_CUTTING, excerpt
from knowledge.library import Library

FIRST = "A forest is many trees that vote together on one answer."
BODY = f"""{FIRST} Each tree sees other rows. {"This sentence says nothing new at all. " * 6}

What helps in practice:

- **Depth:** limit how deep each tree may grow
- **Count:** some hundred trees are mostly enough for tables
- **Speed:** train the trees side by side on all cores of a laptop

```python
forest = RandomForestClassifier()
```
"""


def test_a_short_note_is_told_whole() -> None:
    assert excerpt(FIRST, "anything") == FIRST
    almost = "x" * (FIRST_MESSAGE + WORTH_CUTTING)
    assert excerpt(almost, "anything") == almost


def test_the_first_sentence_is_always_there_and_the_rest_fills_up_from_the_top() -> None:
    told = excerpt(BODY, "what is it?", limit=200)
    assert told.startswith(f"{FIRST} Each tree sees other rows.")
    assert len(told) <= 200 + WORTH_CUTTING


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("how can I train it on all cores of my laptop?", "- **Speed:** train the trees side by side"),
        ("how many hundred trees for tables?", "- **Count:** some hundred trees are mostly enough"),
    ],
)
def test_what_the_question_names_comes_with_it(question: str, named: str) -> None:
    told = excerpt(BODY, question, limit=200)
    assert named in told
    assert told.index(FIRST) < told.index(named), "in the order of the note"


def test_a_list_item_brings_the_words_that_begin_its_list() -> None:
    told = excerpt(BODY, "limit how deep trees grow", limit=250)
    assert "What helps in practice:\n\n- **Depth:**" in told


def test_a_gap_inside_a_paragraph_is_marked() -> None:
    body = f"{FIRST} {'Filler words stand here for nobody. ' * 12} Pruning cuts twigs after training."
    assert f"{FIRST} {GAP} Pruning cuts twigs" in excerpt(body, "pruning twigs", limit=110)


def test_a_sentence_that_leans_on_another_stands_with_it_or_not_at_all() -> None:
    long = " ".join(f"Word{number}" for number in range(60))
    body = (
        f"Four topics come first. Then {long}. That makes seven topics of maths.\n\nMaths is learnt by use."
    )
    assert (
        excerpt(body, "Which maths topics?", limit=200)
        == "Four topics come first.\n\nMaths is learnt by use."
    )


def test_steps_are_told_from_the_first_on() -> None:
    steps = [f"{number}. Do the {word} thing" for number, word in enumerate(("first", "other", "last"), 1)]
    body = "\n".join(["Go in this order:", "", *steps, "", "x" * 200])
    told = excerpt(body, "do the last thing", limit=59)
    assert told == "\n".join(["Go in this order:", "", *steps[:2], "- …"])
    assert steps[2] in excerpt(body, "do the last thing", limit=70)  # all of them, for a little more room


def test_a_list_nobody_asked_for_begins_with_two_points_or_not_at_all() -> None:
    body = "\n".join([FIRST, "", "It fits if:", "", "- rows are few", f"- {'z' * 100}", "", "x" * 300])
    assert excerpt(body, "anything", limit=120) == FIRST
    assert "- rows are few" in excerpt(body, "few rows", limit=120)


def test_a_hole_in_a_list_is_marked() -> None:
    items = [f"- The {word} is here" for word in ("first", "second one, which says a lot", "third tool")]
    body = "\n".join(["Three tools:", "", *items, "", "x" * 200])
    assert excerpt(body, "third tool", limit=60) == f"Three tools:\n\n{items[0]}\n- …\n{items[2]}"


def test_a_question_of_the_note_is_never_left_without_its_answer() -> None:
    filler = "Filler words stand here for nobody. " * 12
    body = f"{FIRST} {filler}Is pruning worth it? Mostly, says experience. {filler}"
    assert "Is pruning worth it? Mostly, says experience." in excerpt(body, "is pruning worth it", limit=150)
    assert "worth it?" not in excerpt(
        f"{FIRST} {filler}Is it worth it?\n\n{filler * 3}", "worth it", limit=110
    )


def test_every_note_of_the_real_pack_begins_as_it_is_written_and_is_short_enough(library: Library) -> None:
    for note in library.notes.values():
        told = excerpt(note.body, note.title)
        assert len(told) <= FIRST_MESSAGE * WHOLE_LIST + len("\n\n\n- …"), note.id
        first = note.body.split("\n")[0].split(". ")[0]
        assert told.startswith(first), note.id
        assert told.count("```") % 2 == 0, f"{note.id}: half a block of code"
