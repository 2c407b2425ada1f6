"""Which words say that a skill is behind a learner, and which only sound like it?"""

import pytest

from bot.guidance.finished import claims, is_named
from knowledge.library import Library


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ok finished statistics, now what?", ["ok finished statistics"]),
        ("I'm done with python, what next", ["I'm done with python"]),
        ("i’m done with python what next", ["i'm done with python"]),
        ("finished python and sql. next?", ["finished python and sql"]),
        ("statistics is done, which skill now", ["statistics is done"]),
        ("completed the calculus part. And now?", ["completed the calculus part"]),
        ("I already know SQL, what should I learn?", ["I already know SQL"]),
        ("i know python what now", ["i know python"]),
        ("have learned git; should I do docker?", ["have learned git"]),
        ("I've mastered linear algebra! what comes next?", ["I've mastered linear algebra"]),
        ("done with python, should I do statistics?", ["done with python"]),
        ("i think i know git now, where to from here", ["i think i know git"]),
        ("ok python is behind me, whats coming", ["ok python is behind me"]),
        ("got through the transformers stuff, next stop please", ["got through the transformers stuff"]),
        ("xgboost ✅ now what do you have", ["xgboost ✅"]),
    ],
)
def test_a_claim_is_found_and_where_it_ends(text: str, said: list[str]) -> None:
    assert claims(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "what comes after statistics?",
        "what should I learn next",
        "what do I do after I finished python?",
        "when I'm done with python, what is next?",
        "once I have finished SQL what comes next",
        "I haven't finished statistics, what next?",
        "not done with python yet. what now",
        "i dont know python, where do i start",
        "I don't know statistics. What next?",
        "almost finished python, what comes then?",
        "i know a bit of python, what next?",
        "after docker what do you have for me",
        "am I done with python?",
        "do I know enough SQL to go on?",
        "I want to be done with python, what is the next step",
        "what's next",
        "",
    ],
)
def test_what_is_no_claim(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    ("said", "skill_id", "named"),
    [
        ("ok finished statistics", "prob-stats", True),
        ("done with the SQL databases course", "sql-databases", True),
        ("I'm done with my homework", "portfolio-job", False),
        ("done with the boring part", "llm-apps-rag", False),
    ],
)
def test_a_skill_must_be_named(library: Library, said: str, skill_id: str, named: bool) -> None:
    assert is_named(library.skills[skill_id], skill_id, said) == named
