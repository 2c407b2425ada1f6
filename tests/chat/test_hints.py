"""Is a kind line said once, and again when it is news again?"""

from datetime import UTC, datetime, timedelta

from bot.chat.hints import ENOUGH_FOR, Hints

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ALEX, SAM = 1001, 1002


def test_a_line_is_news_in_each_chat_once_a_minute() -> None:
    hints = Hints()
    assert hints.is_news("only text", ALEX, 1, NOW)
    assert not hints.is_news("only text", ALEX, 2, NOW + timedelta(seconds=59))
    assert hints.is_news("only text", SAM, 3, NOW)
    assert hints.is_news("edited", ALEX, 4, NOW)
    assert hints.is_news("only text", ALEX, 5, NOW + ENOUGH_FOR)


def test_an_update_that_is_handled_again_may_say_it_again() -> None:
    hints = Hints()
    assert hints.is_news("only text", ALEX, 1, NOW)
    assert hints.is_news("only text", ALEX, 1, NOW + timedelta(seconds=1))
    assert not hints.is_news("only text", ALEX, 2, NOW + timedelta(seconds=2))


def test_nothing_is_remembered_for_longer_than_it_matters() -> None:
    hints = Hints()
    for number in range(1000):
        hints.is_news("only text", number, number, NOW + number * ENOUGH_FOR)
    assert len(hints._said) == 1
