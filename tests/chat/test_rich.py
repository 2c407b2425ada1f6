"""Rich text: what a note's Markdown says is said, and formatted, without the marks."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.views.rich import Mark, Rich, bold, from_markdown, italic, join, link, with_code
from knowledge.library import Library

words = st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=8)
phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)


def code(text: str) -> Rich:
    return Rich(text, (Mark("code", 0, len(text)),))


inlines: st.SearchStrategy[tuple[str, Rich]] = st.one_of(
    phrases.map(lambda said: (said, Rich(said))),
    phrases.map(lambda said: (f"**{said}**", bold(said))),
    phrases.map(lambda said: (f"*{said}*", italic(said))),
    phrases.map(lambda said: (f"`{said}`", code(said))),
    phrases.map(
        lambda said: (f"[{said}](https://example.org/a?b=1)", link(said, "https://example.org/a?b=1"))
    ),
)
lines = st.lists(inlines, min_size=1, max_size=4).map(
    lambda parts: (" ".join(markdown for markdown, _ in parts), join(" ", [rich for _, rich in parts]))
)
paragraphs = lines
bullets = st.lists(lines, min_size=1, max_size=4).map(
    lambda items: (
        "\n".join(f"- {markdown}" for markdown, _ in items),
        join("\n", [Rich("• ") + rich for _, rich in items]),
    )
)
steps = st.tuples(st.integers(1, 20), st.lists(lines, min_size=1, max_size=4)).map(
    lambda given: (
        "\n".join(f"{given[0] + at}. {markdown}" for at, (markdown, _) in enumerate(given[1])),
        join("\n", [Rich(f"{given[0] + at}. ") + rich for at, (_, rich) in enumerate(given[1])]),
    )
)
programs = phrases.map(
    lambda said: (f"```python\n{said}\n```", Rich(said, (Mark("pre", 0, len(said), language="python"),)))
)
sections = st.tuples(paragraphs, bullets | steps | programs).map(
    lambda pair: (f"{pair[0][0]}\n\n{pair[1][0]}", pair[0][1] + "\n\n" + pair[1][1])
)


@settings(deadline=None)
@given(st.lists(sections, min_size=1, max_size=4))
def test_markdown_reads_as_it_is_meant(parts: list[tuple[str, Rich]]) -> None:
    rich = from_markdown("\n\n".join(markdown for markdown, _ in parts))
    expected = join("\n\n", [rich for _, rich in parts])
    assert rich.text == expected.text
    assert set(rich.marks) == set(expected.marks)


LAYOUTS = ["", "- ", "1. ", "  ", "    ", "\n", "\n    ", "\n      ", "> ", "# "]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LAYOUTS), words)))
def test_no_word_is_lost_however_it_stands(said: list[tuple[str, str]]) -> None:
    markdown = "\n".join(f"{prefix}{word}" for prefix, word in said)
    shown = from_markdown(markdown).text
    assert [word for word in shown.replace("•", " ").split() if word.isalpha()] == [word for _, word in said]


@pytest.mark.parametrize(
    ("markdown", "text", "marks"),
    [
        ("", "", ()),
        ("one\ntwo", "one two", ()),
        ("1 < 2 & <b>no tag</b>", "1 < 2 & <b>no tag</b>", ()),
        (r"5 \* 3 \_ 2", "5 * 3 _ 2", ()),
        ("- a\n  - b\n    1. c\n- d", "• a\n   • b\n      1. c\n• d", ()),
        ("**so *very* bold**", "so very bold", (Mark("italic", 3, 7), Mark("bold", 0, 12))),
        ("😀 **😀**", "😀 😀", (Mark("bold", 2, 3),)),
        (
            "<https://example.org>",
            "https://example.org",
            (Mark("text_link", 0, 19, url="https://example.org"),),
        ),
        ("1. a\n\n   more\n2. b", "1. a\n   more\n2. b", ()),
        ("a:\n\n    b = 1\n    c = 2", "a:\n\nb = 1\nc = 2", (Mark("pre", 4, 15),)),
    ],
)
def test_markdown_by_example(markdown: str, text: str, marks: tuple[Mark, ...]) -> None:
    assert from_markdown(markdown) == Rich(text, marks)


def test_no_note_of_the_pack_shows_marks_or_loses_its_end(library: Library) -> None:
    for note in library.notes.values():
        shown = from_markdown(note.body).text
        code = "".join(re.findall(r"`([^`]*)`", note.body))  # in which Python has marks of its own
        assert not any(mark in shown and mark not in code for mark in ("**", "](", "```", "\n- ")), note.id
        assert note.body.rstrip(" .*)`")[-8:].split()[-1].strip("*`[_") in shown, note.id


pairs = st.lists(st.tuples(phrases, st.booleans()), max_size=6)


def rich_of(parts: list[tuple[str, bool]]) -> Rich:
    return join(" ", [bold(said) if is_bold else Rich(said) for said, is_bold in parts])


@given(pairs, pairs)
def test_marks_move_with_their_text_when_texts_are_joined(
    one: list[tuple[str, bool]], two: list[tuple[str, bool]]
) -> None:
    joined = rich_of(one) + rich_of(two)
    said_in_bold = [said for said, is_bold in (*one, *two) if is_bold]
    assert [joined.text[mark.start : mark.end] for mark in joined.marks] == said_in_bold


@given(pairs, st.integers(0, 60), st.integers(0, 60))
def test_what_is_cut_out_keeps_its_formatting(parts: list[tuple[str, bool]], one: int, two: int) -> None:
    text = rich_of(parts)
    start, end = sorted((min(one, len(text.text)), min(two, len(text.text))))
    piece = text.cut(start, end)
    assert piece.text == text.text[start:end]
    bold_in_whole = {at for mark in text.marks for at in range(mark.start, mark.end)}
    bold_in_piece = {start + at for mark in piece.marks for at in range(mark.start, mark.end)}
    assert bold_in_piece == bold_in_whole & set(range(start, end))
    assert all(mark.start < mark.end for mark in piece.marks), "an empty mark is one Telegram refuses"


@pytest.mark.parametrize(
    ("written", "text", "marks"),
    [
        ("It needs `return x * 2`.", "It needs return x * 2.", (Mark("code", 9, 21),)),
        ("`b = a` copies nothing", "b = a copies nothing", (Mark("code", 0, 5),)),
        ("a_b * c is *no* code", "a_b * c is *no* code", ()),
        ("one ` alone", "one ` alone", ()),
        ("nothing: ``", "nothing: ", ()),
    ],
)
def test_what_stands_between_backticks_is_code(written: str, text: str, marks: tuple[Mark, ...]) -> None:
    assert with_code(written) == Rich(text, marks)
