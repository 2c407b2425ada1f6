"""What do the logs tell? For people a line, for machines an object a line, and never the token, to nobody."""

import json
import logging
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.observability import following, set_up_logs

TOKEN = "123456:ABC-def_0"
SECRET = "the-webhook-secret"
FORMS = ["text", "json"]


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []  # so that nobody else's are closed
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


class Written:
    """What was written to standard error so far."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def text(self) -> str:
        return self._capsys.readouterr().err

    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Written:
    return Written(capsys)


def fail_with(words: str) -> None:
    """Other people's code: puts what it knows into its error."""
    address = f"https://api.telegram.org/bot{words}/getMe"
    raise ConnectionError(f"no route to {address}")


def in_the_message() -> None:
    logging.error(f"calling https://api.telegram.org/bot{TOKEN}/getMe with {SECRET}")


def in_the_arguments() -> None:
    logging.error("calling %s with %s", {"url": f"/bot{TOKEN}/getMe"}, SECRET)


def in_a_traceback() -> None:
    try:
        fail_with(TOKEN + SECRET)
    except ConnectionError:
        logging.exception("it failed")


def in_the_cause_of_a_traceback() -> None:
    try:
        try:
            fail_with(TOKEN + SECRET)
        except ConnectionError as error:
            raise RuntimeError("no update") from error
    except RuntimeError:
        logging.exception("it failed")


def in_what_stands_beside_the_message() -> None:
    logging.error("set up", extra={"url": f"/bot{TOKEN}", "settings": {"secret": SECRET}})


def in_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"deprecated: {TOKEN} {SECRET}", stacklevel=1)


def in_a_librarys_debug_line() -> None:
    logging.getLogger("httpx").debug("HTTP Request: POST /bot%s/setWebhook %s", TOKEN, SECRET)


PLACES = [
    in_the_message,
    in_the_arguments,
    in_a_traceback,
    in_the_cause_of_a_traceback,
    in_what_stands_beside_the_message,
    in_a_warning,
    in_a_librarys_debug_line,
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("log", PLACES)
def test_no_secret_is_ever_written(written: Written, log: Any, form: str) -> None:
    set_up_logs("DEBUG", form, (TOKEN, SECRET))
    log()
    text = written.text()
    assert text
    assert TOKEN not in text
    assert SECRET not in text
    assert "<secret>" in text or (log is in_what_stands_beside_the_message and form == "text")


def test_a_person_reads_when_how_grave_who_and_what(written: Written) -> None:
    set_up_logs("INFO", "text")
    logging.getLogger("bot.chat.polling").warning("updates cannot be fetched (%s)", "no route")
    text = written.text()
    assert text.endswith(" WARNING bot.chat.polling: updates cannot be fetched (no route)\n")
    assert len(text.splitlines()) == 1


def test_a_machine_reads_one_object_a_line_with_all_that_was_said(written: Written) -> None:
    set_up_logs("INFO", "json")
    logging.getLogger("bot.chat").info(
        "answered\na %s", "question 🤔", extra={"action": "answered", "by": {1}}
    )
    [entry] = written.objects()
    assert entry.pop("at").endswith("+00:00")
    assert entry == {
        "level": "INFO",
        "logger": "bot.chat",
        "message": "answered\na question 🤔",
        "action": "answered",
        "by": "{1}",
    }


def test_a_machine_reads_a_traceback_as_one_field(written: Written) -> None:
    set_up_logs("INFO", "json")
    try:
        fail_with("nobody")
    except ConnectionError:
        logging.exception("it failed")
    [entry] = written.objects()
    assert entry["message"] == "it failed"
    assert entry["traceback"].startswith("Traceback")
    assert "ConnectionError: no route" in entry["traceback"]


@pytest.mark.parametrize("form", FORMS)
def test_half_a_character_breaks_no_log_line(
    form: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8", errors="backslashreplace") as out:  # as Python opens standard error
        monkeypatch.setattr(sys, "stderr", out)
        set_up_logs("INFO", form)
        logging.info("a learner wrote %s", "\ud83d")
    assert "a learner wrote \\ud83d" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        ("DEBUG", {"httpx": ["DEBUG", "INFO", "WARNING"], "bot.app": ["DEBUG", "INFO", "WARNING"]}),
        ("INFO", {"httpx": ["WARNING"], "bot.app": ["INFO", "WARNING"]}),
        ("WARNING", {"httpx": ["WARNING"], "bot.app": ["WARNING"]}),
        ("ERROR", {}),
    ],
)
def test_libraries_speak_only_of_trouble_unless_everything_is_asked_for(
    written: Written, level: str, shown: dict[str, list[str]]
) -> None:
    set_up_logs(level, "json")
    for name in ("httpx", "bot.app"):
        for how_grave in (logging.DEBUG, logging.INFO, logging.WARNING):
            logging.getLogger(name).log(how_grave, "something")
    heard: dict[str, list[str]] = {}
    for entry in written.objects():
        heard.setdefault(entry["logger"], []).append(entry["level"])
    assert heard == shown


def test_a_library_that_sets_its_own_level_is_kept_quiet_all_the_same(written: Written) -> None:
    set_up_logs("INFO", "text")
    chatty = logging.getLogger("bm25s.indexing")
    chatty.setLevel(logging.DEBUG)
    chatty.info("building the index")
    assert written.text() == ""


def test_what_is_logged_about_an_update_bears_its_number(written: Written) -> None:
    set_up_logs("INFO", "json")
    with following(17):
        logging.info("handled")
        with following(None):
            logging.info("of itself")
    logging.info("and after")
    assert [entry.get("update") for entry in written.objects()] == [17, None, None]
    set_up_logs("INFO", "text")
    with following(17):
        logging.info("handled")
    assert written.text().endswith("handled [17]\n")
