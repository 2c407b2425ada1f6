"""What does the bot count, for Prometheus to collect? Every metric by name; it measures nothing itself.

Names follow https://prometheus.io/docs/practices/naming/. No label ever holds what a learner wrote or is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

PREFIX = "nextrung_"
# From what an idle machine takes for a button to what a turn may take at most, 60 s.
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
INBOX, REPLIES, BULK = "inbox", "replies", "bulk"
LANES = (REPLIES, BULK)  # by the number of a lane


@dataclass(frozen=True)
class Metric:
    """One thing counted (counter), read (gauge) or timed (histogram), by these labels."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()
    foreseen: tuple[tuple[str, ...], ...] = ()  # there from the start at 0, or an alert misses the first


UPDATES = Metric(
    "updates_total",
    "counter",
    "Updates dealt with, by kind; the outcome is handled, declined (a flood), retried or set_aside",
    ("kind", "outcome"),
)
HANDLING = Metric("update_handling_seconds", "histogram", "How long an update's turn took", ("kind",))
WAITING = Metric(
    "update_waiting_seconds", "histogram", "How long an update waited in the inbox for its first turn"
)
ANSWERS = Metric(
    "answers_total",
    "counter",
    "Questions, by outcome: answered, or why not",
    ("outcome",),
)
INTENTS = Metric("intents_total", "counter", "What learners wanted with the texts they wrote", ("intent",))
SENDS = Metric(
    "sends_total",
    "counter",
    "Messages tried to be sent, by lane; the outcome is sent or what Telegram's refusal means",
    ("lane", "outcome"),
    tuple((lane, outcome) for lane in LANES for outcome in ("sent", "refused", "formatting", "blocked")),
)
SENDING = Metric("send_seconds", "histogram", "How long Telegram took for a message", ("lane",))
ERRORS = Metric("errors_total", "counter", "Errors logged, by the part of the bot", ("logger",))
RELOADS = Metric(
    "reloads_total",
    "counter",
    "Reloads of the pack, by outcome",
    ("outcome",),
    (("refused",), ("failed",)),
)
POLLS = Metric(
    "polls_total",
    "counter",
    "Times Telegram was asked for updates, by outcome: answered, failed",
    ("outcome",),
    (("answered",), ("failed",)),
)
BOX_ROWS = Metric("waiting_rows", "gauge", "Rows waiting, by box: inbox, replies, bulk", ("box",))
BOX_AGE = Metric(
    "oldest_waiting_seconds", "gauge", "Age of the oldest row waiting, by box; 0 when none waits", ("box",)
)
SET_ASIDE = Metric("set_aside_rows", "gauge", "Updates that could not be handled and wait for an operator")
FAILED = Metric("failed_rows", "gauge", "Messages that could not be sent and wait for an operator")
LEARNERS = Metric("learners", "gauge", "Learners who have not blocked the bot")
ACTIVE = Metric(
    "active_learners", "gauge", "Learners who asked or answered something, by window: day, week", ("window",)
)
RATED = Metric(
    "rated_answers", "gauge", "Answers of the last 7 days, called helpful or not_helpful", ("rating",)
)
PACK = Metric("pack_info", "gauge", "1 for the pack and the index at work", ("pack", "index"))
STARTED = Metric("start_time_seconds", "gauge", "When the bot was started, in seconds since 1970")

CATALOGUE = (
    *(UPDATES, HANDLING, WAITING, ANSWERS, INTENTS, SENDS, SENDING, ERRORS, RELOADS, POLLS),
    *(BOX_ROWS, BOX_AGE, SET_ASIDE, FAILED, LEARNERS, ACTIVE, RATED, PACK, STARTED),
)


class Metrics:
    """The counters of one bot; what is a gauge is set when somebody asks."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._made: dict[str, Counter | Gauge | Histogram] = {
            each.name: self._make(each) for each in CATALOGUE
        }

    def count(self, metric: Metric, *labels: str) -> None:
        """One more."""
        made = self._made[metric.name]
        assert isinstance(made, Counter)
        (made.labels(*labels) if labels else made).inc()

    def time(self, metric: Metric, seconds: float, *labels: str) -> None:
        """It took so long."""
        made = self._made[metric.name]
        assert isinstance(made, Histogram)
        (made.labels(*labels) if labels else made).observe(seconds)

    def set(self, metric: Metric, values: Mapping[tuple[str, ...], float]) -> None:
        """Exactly these values, by labels; what is no longer among them is gone."""
        made = self._made[metric.name]
        assert isinstance(made, Gauge)
        if metric.labels:
            made.clear()
        for labels, value in values.items():
            (made.labels(*labels) if labels else made).set(value)

    def told(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)

    def _make(self, metric: Metric) -> Counter | Gauge | Histogram:
        name = PREFIX + metric.name
        match metric.kind:
            case "counter":
                counter = Counter(name, metric.help, metric.labels, registry=self._registry)
                for labels in metric.foreseen:
                    counter.labels(*labels)
                return counter
            case "gauge":
                return Gauge(name, metric.help, metric.labels, registry=self._registry)
            case "histogram":
                return Histogram(name, metric.help, metric.labels, registry=self._registry, buckets=SECONDS)
