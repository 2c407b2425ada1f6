"""How long to wait before the same is tried again? As the server asks, else longer after each failure."""

from datetime import timedelta

from telegram.error import RetryAfter

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0  # when a long outage ends, learners wait no longer than that


def pause_after(error: Exception, failures_in_a_row: int) -> float:
    """Seconds to wait after a failure, which was the first, second, third... in a row."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after  # python-telegram-bot gives a number, or a timedelta where it is told to
        return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
    doublings = min(failures_in_a_row - 1, 16)  # the longest pause by far, and no number grows without end
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0**doublings)
