import pytest

from bot.sandbox.entities import tidy
from bot.sandbox.markup import parse_html
from bot.sandbox.values import Json, Refusal, utf16_slice

STADIUM = "🏟 🏟&lt;"  # 13 bytes: offsets in refusals count bytes, not characters


def entity(kind: str, offset: int, length: int, **more: str) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (f"{STADIUM}<abacaba", "Unclosed start tag at byte offset 13"),
        (f"{STADIUM}<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
        ("x<3 y", 'Unsupported start tag "3" at byte offset 1'),
        ("List<int>", 'Unsupported start tag "int" at byte offset 4'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        (f"{STADIUM}<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        (f"{STADIUM}<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        (f"{STADIUM}<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
        (f'{STADIUM}<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
        (f"{STADIUM}</", "Unexpected end tag at byte offset 13"),
        (f"{STADIUM}<b></b></", "Unexpected end tag at byte offset 20"),
        (f"{STADIUM}<i>a</i   ", "Unclosed end tag at byte offset 17"),
        (f"{STADIUM}<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
        ("<b><i>test</b></i>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
        ("<b>unclosed", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            '<tg-emoji emoji-id="9999999999999999999">x</tg-emoji>',
            "Invalid custom emoji identifier specified",
        ),
        (
            "&#xDFDF;",
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched",
        ),
    ],
)
def test_broken_html_is_refused_in_the_servers_words(html: str, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_html(html)
    assert caught.value.description.startswith(f"Bad Request: can't parse entities: {reason}")


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("➡️ ➡️<i>➡️ ➡️</i>", "➡️ ➡️➡️ ➡️", [entity("italic", 5, 5)]),
        ("🏟 🏟<i>🏟 &lt🏟</i>", "🏟 🏟🏟 <🏟", [entity("italic", 5, 6)]),
        ("&ge;&lt;&gt;&amp;&quot;&nbsp;&apos;&#12345678;", '&ge;<>&"&nbsp;&apos;&#12345678;', []),
        ("&#60;&#x3c;&#128512;", "<<😀", []),
        ("a<b></b>", "a", []),
        (f"&#{'9' * 9};x", f"&#{'9' * 9};x", []),
        ("<STRONG>a</strong>", "a", [entity("bold", 0, 1)]),
        ("<i>a</>", "a", [entity("italic", 0, 1)]),
        ("<del>a</del><ins>b</ins>", "ab", [entity("strikethrough", 0, 1), entity("underline", 1, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [entity("spoiler", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
        ("<a href=telegram.org>a</a>", "a", [entity("text_link", 0, 1, url="http://telegram.org/")]),
        ("<a>telegram.org</a>", "telegram.org", [entity("text_link", 0, 12, url="http://telegram.org/")]),
        (
            '<a href="https://a.io/?q=1&amp;r=2">a</a>',
            "a",
            [entity("text_link", 0, 1, url="https://a.io/?q=1&r=2")],
        ),
        ('<pre><code class="language-python">x</code></pre>', "x", [entity("pre", 0, 1, language="python")]),
        ('<code class="language-python"><pre>x</pre></code>', "x", [entity("pre", 0, 1, language="python")]),
        ("  <b>a </b>  ", "a", [entity("bold", 0, 1)]),
        ("<b> a</b>", " a", [entity("bold", 0, 2)]),
        ("<b>one <i>two</i> three</b>", "one two three", [entity("bold", 0, 13), entity("italic", 4, 3)]),
        (
            '<b>see <a href="https://a.io/">it</a> now</b>',
            "see it now",
            [
                entity("bold", 0, 4),
                entity("text_link", 4, 2, url="https://a.io/"),
                entity("bold", 4, 2),
                entity("bold", 6, 4),
            ],
        ),
    ],
)
def test_html_becomes_text_and_entities(html: str, text: str, entities: list[Json]) -> None:
    tidied = tidy(parse_html(html), {})
    assert (tidied.text, tidied.entities, tidied.dropped) == (text, entities, [])


@pytest.mark.parametrize(
    ("html", "dropped"),
    [
        ('<a href="not a url">a</a>', "link to 'not a url' is dropped: Wrong HTTP URL"),
        ('<a href="file:///etc/passwd">a</a>', "Unsupported URL protocol"),
        ('<a href="tg://user?id=5">a</a>', "mention of unknown user 5"),
        ('<code class="language-python">x</code>', "language of a <code> outside <pre>"),
        ("<b><code>x</code></b>", "bold inside code"),
        ('<a href="https://a.io"><code>x</code></a>', "text_link inside code"),
        ("<b>x</b> " * 101, "101 entities"),
    ],
)
def test_what_the_server_drops_silently_is_told(html: str, dropped: str) -> None:
    assert any(dropped in one for one in tidy(parse_html(html), {}).dropped)


def test_only_a_hundred_entities_are_kept() -> None:
    assert len(tidy(parse_html("<b>x</b> " * 101), {}).entities) == 100


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("/start now", "bot_command", "/start"),
        ("😀 /help@next_rung_bot", "bot_command", "/help@next_rung_bot"),
        ("see https://example.com/a?b=1.", "url", "https://example.com/a?b=1"),
        ("ask @next_rung_bot", "mention", "@next_rung_bot"),
        ("mail a@b.com", "email", "a@b.com"),
        ("#tag", "hashtag", "#tag"),
    ],
)
def test_plain_text_is_searched_as_telegram_does(text: str, kind: str, found: str) -> None:
    entities = tidy(parse_html(text), {}).entities
    assert [(one["type"], utf16_slice(text, one["offset"], one["length"])) for one in entities] == [
        (kind, found)
    ]
