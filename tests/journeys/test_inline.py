"""Whoever types the bot's name in any chat gets cards with answers and sources, and leaves no trace."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bot.chat.views.inline import ASK_MORE
from bot.sandbox.client import SandboxClient
from bot.storage import inbox, tables
from knowledge.library import Library
from tests.journeys.conftest import PATIENCE, Json, Learner, RunningBot, Search, labels, until


async def cards(client: SandboxClient, query: str) -> list[Json]:
    answer = await client.cards(await client.types(query), PATIENCE)
    results: list[Json] = answer["results"]
    return results


async def test_a_question_is_answered_by_a_card_with_its_source_and_a_way_to_ask_more(
    client: SandboxClient, bot: RunningBot, library: Library
) -> None:
    query_id = await client.types("what is overfitting?")
    answer = await client.cards(query_id, PATIENCE)
    first, *others = answer["results"]
    note = library.notes["ml-evaluation.overfitting"]
    assert first["title"] == note.title
    assert 0 < len(first["description"]) <= 122
    text = first["message"]["text"]
    assert text.startswith(note.title)
    assert all(f"{source.title}, {source.year}" in text for source in library.sources_of(note))
    [[more]] = first["message"]["reply_markup"]["inline_keyboard"]
    assert (more["text"], more["url"]) == (
        ASK_MORE,
        "https://t.me/next_rung_bot?start=note_ml-evaluation_overfitting",
    )
    assert [each["title"] for each in others] == [each.title for each in library.related_to(note)[:4]]
    assert not answer["is_personal"]
    assert answer["cache_time"] > 0
    assert answer["button"]["start_parameter"] == "hello"


async def test_nothing_typed_yet_shows_where_to_begin(
    client: SandboxClient, bot: RunningBot, library: Library
) -> None:
    for query in ("", "  ", "hello"):
        assert [each["title"] for each in await cards(client, query)] == [
            note.title for note in library.starters
        ]


async def test_what_cannot_be_done_there_is_told(client: SandboxClient, bot: RunningBot) -> None:
    found = await cards(client, "quiz me on python")
    assert found[0]["title"] == "For that, write to me in private"
    assert len(found) > 1


async def test_off_the_path_there_is_one_friendly_card(client: SandboxClient, bot: RunningBot) -> None:
    [card] = await cards(client, "who won the champions league?")
    assert card["title"].startswith("I only know about")
    assert "@next_rung_bot" in card["message"]["text"]


async def test_what_the_notes_do_not_say_is_told_and_the_nearest_offered(
    client: SandboxClient, bot: RunningBot
) -> None:
    found = await cards(client, "salary of a principal engineer at Ferrari")
    assert found[0]["id"] == "declined"
    assert len(found) > 1


async def test_nothing_of_it_is_stored(client: SandboxClient, bot: RunningBot) -> None:
    await cards(client, "what is a zymurgist's overfitting?")

    async def is_forgotten() -> bool:
        async with bot.database.reading() as connection:
            rows = [
                (await connection.execute(select(table))).all() for table in tables.metadata.sorted_tables
            ]
        return "zymurgist" not in str(rows)

    await until(is_forgotten, "the query to be forgotten")
    async with bot.database.reading() as connection:
        for table in (tables.learners, tables.questions, tables.outbox):
            assert await connection.scalar(select(func.count()).select_from(table)) == 0


async def test_only_what_was_typed_last_is_searched(
    client: SandboxClient, bot: RunningBot, search: Search
) -> None:
    with search.holding("what") as search_for_what:
        first = await client.types("what")
        await search_for_what.is_reached()  # before that the next letters would take its place
        skipped = [await client.types(text) for text in ("what is", "what is o", "what is over")]
        last = await client.types("what is overfitting")

        async def all_arrived() -> bool:
            async with bot.database.reading() as connection:
                return await inbox.open_rows(connection, 4242) == 5

        await until(all_arrived, "all that was typed to arrive")
    answered = await client.cards(last, PATIENCE)
    assert answered["results"][0]["id"] == "ml-evaluation.overfitting"
    calls = [call["params"]["inline_query_id"] for call in await client.calls("answerInlineQuery")]
    assert not {*calls} & {*skipped}
    assert {*calls} == {first, last}


async def test_an_old_query_is_dropped(client: SandboxClient, bot: RunningBot, alex: Learner) -> None:
    long_ago = datetime.now(UTC) - timedelta(seconds=30)
    person = {"id": 77, "is_bot": False, "first_name": "Kim"}
    query = {"id": "7", "from": person, "query": "what is overfitting?", "offset": ""}
    async with bot.database.transaction() as tx:
        await inbox.store(tx, 4242, [(77, {"update_id": 1, "inline_query": query})], long_ago)
    await alex.asks("hello")

    async def is_done() -> bool:
        async with bot.database.reading() as connection:
            return await inbox.open_rows(connection, 4242) == 0

    await until(is_done, "the old query to be dropped")
    assert await client.calls("answerInlineQuery") == []


async def test_a_chosen_card_is_a_message_that_the_bot_does_not_answer(
    client: SandboxClient, alex: Learner
) -> None:
    query_id = await client.types("who won the champions league?")
    [card] = (await client.cards(query_id, PATIENCE))["results"]
    group = await client.add_group("Study circle", [alex.telegram_id])
    for chat in (group, alex.chat_id):
        await alex.in_group(chat).asks("/help@next_rung_bot")
        posted = await client.chooses(query_id, card["id"], chat)
        assert labels(posted) == [ASK_MORE]
        await alex.in_group(chat).asks("/help@next_rung_bot")
        assert len(await client.replies(chat)) == 2


async def test_cards_that_come_too_late_are_no_error(client: SandboxClient, bot: RunningBot) -> None:
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    await client.faults("400", "answerInlineQuery", text=too_old, times=1)
    await client.types("what is overfitting?")

    async def was_tried() -> bool:
        return bool(await client.calls("answerInlineQuery"))

    await until(was_tried, "the answer to be tried")
    assert await cards(client, "what is overfitting?")
