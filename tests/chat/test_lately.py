"""Is the same news once, and again when it is news again?"""

from datetime import UTC, datetime, timedelta

from bot.chat.lately import A_MINUTE, Lately

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ALEX, SAM = 1001, 1002


def test_a_line_is_news_in_each_chat_once_a_minute() -> None:
    hints = Lately(A_MINUTE)
    assert hints.is_news((ALEX, "only text"), 1, NOW)
    assert not hints.is_news((ALEX, "only text"), 2, NOW + timedelta(seconds=59))
    assert hints.is_news((SAM, "only text"), 3, NOW)
    assert hints.is_news((ALEX, "edited"), 4, NOW)
    assert hints.is_news((ALEX, "only text"), 5, NOW + A_MINUTE)


def test_an_update_that_is_handled_again_may_say_it_again() -> None:
    hints = Lately(A_MINUTE)
    assert hints.is_news("only text", 1, NOW)
    assert hints.is_news("only text", 1, NOW + timedelta(seconds=1))
    assert not hints.is_news("only text", 2, NOW + timedelta(seconds=2))


def test_nothing_is_remembered_for_longer_than_it_matters() -> None:
    hints = Lately(A_MINUTE)
    for number in range(1000):
        hints.is_news(number, number, NOW + number * A_MINUTE)
    assert len(hints._came) == 1
