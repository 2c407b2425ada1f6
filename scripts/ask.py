"""Ask the bot a question without a chat, by the very path a chat takes.

    ask.py "do I need a degree?"            the answer as a learner reads it
    ask.py --json "do I need a degree?"     one JSON object
    ask.py --batch FILE                     JSON Lines in, JSON Lines out; - is standard input

A line in: {"id", "question", "context"?}, where `context` holds earlier questions, oldest first.
docs/ask.md describes the fields that come out.
"""

import argparse
import asyncio
import contextlib
import io
import json
import math
import os
import sys
import time
from collections.abc import Iterable
from typing import Any

from bot.app import build_ask
from bot.chat.views import ask as view
from bot.chat.views.reply import Reply
from bot.errors import NextRungError, in_words
from bot.guidance.ask import Ask
from bot.observability import set_up_logs
from bot.settings import read_settings
from index.answer import Abstention, Answer, NoOtherWords, TwoAnswers
from index.wishes import Arguments


def main() -> int:
    """Answer; exit code 1 if a line could not be read or written, 2 if the bot cannot be set up."""
    arguments = _arguments()
    _print_any_text()
    try:
        batch = None if arguments.batch is None else _lines(arguments.batch)
    except OSError as error:
        print(f"--batch {arguments.batch}: {error.strerror}; give a JSON Lines file, or -", file=sys.stderr)
        return 2
    try:
        settings = read_settings()
        set_up_logs("WARNING", settings.log_format)
        ask = build_ask(settings)
    except NextRungError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(in_words(error), file=sys.stderr)
        return 2
    try:
        if batch:
            with batch as lines:
                return asyncio.run(_answer_batch(ask, lines))
        asyncio.run(_answer_one(ask, arguments.question, as_json=arguments.json))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads, as `head` does, has read enough
        _print_no_more()
    except OSError as error:
        _print_no_more()
        print(f"the answers cannot be written, or the questions read: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="ask.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("question", nargs="?", help="what a learner would type")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--batch", metavar="FILE", help="answer every line of a JSON Lines file, - for stdin")
    arguments = parser.parse_args()
    if (arguments.question is None) == (arguments.batch is None):
        parser.error("give a question, or --batch FILE")
    return arguments


def _print_any_text() -> None:
    """Print UTF-8 whatever the locale; half a surrogate pair is printed as JSON writes it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def _print_no_more() -> None:
    """Let what is still to be printed vanish, instead of failing once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _lines(path: str) -> contextlib.AbstractContextManager[Iterable[bytes]]:
    """The lines as bytes, so that one that is not UTF-8 spoils no other."""
    if path == "-":
        return contextlib.nullcontext(sys.stdin.buffer)
    return open(path, "rb")


async def _answer_one(ask: Ask, question: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(await report(ask, {"id": None, "question": question}), ensure_ascii=False))
    else:
        _, heard = await ask.hear(question)
        print(_as_read(view.heard(heard, ask.library.pack)))


async def _answer_batch(ask: Ask, lines: Iterable[bytes]) -> int:
    exit_code = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            given = _question_of(line)
        except ValueError as error:
            print(f"line {number}: {error}", file=sys.stderr)
            exit_code = 1
            continue
        print(json.dumps(await report(ask, given), ensure_ascii=False), flush=True)
    return exit_code


def _question_of(line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line, parse_float=_number, parse_constant=_number)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is not JSON ({error})") from None
    if not isinstance(given, dict) or not isinstance(given.get("question"), str):
        raise ValueError('must be an object with a text "question"')
    context = given.get("context") or []
    if not isinstance(context, list) or not all(isinstance(earlier, str) for earlier in context):
        raise ValueError('"context" must be a list of texts')
    return {"id": given.get("id"), "question": given["question"], "context": context}


def _number(text: str) -> float:
    """What JSON can say again: Python reads 1e400 as infinite, and also words that are no JSON at all."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large, or none")
    return number


async def report(ask: Ask, given: dict[str, Any]) -> dict[str, Any]:
    """One question and its answer, as docs/ask.md describes them."""
    began = time.perf_counter()
    intent, heard = await ask.hear(given["question"], given.get("context", ()))
    elapsed = time.perf_counter() - began
    if isinstance(heard, NoOtherWords):
        heard = heard.answer  # no chat stands above, in which it was told before
    citations = heard.citations if isinstance(heard, Answer | TwoAnswers) else ()
    return {
        "id": given["id"],
        "question": given["question"],
        "answer": view.plain_answer(heard, ask.library.pack),
        "abstained": isinstance(heard, Abstention),
        "intent": intent.name,
        "args": _named(await ask.arguments(given["question"], intent)),
        "citations": [
            {"passage_id": c.passage_id, "title": c.title, "source": c.source.title} for c in citations
        ],
        "score": round(heard.score, 4) if isinstance(heard, Answer | TwoAnswers | Abstention) else None,
        "elapsed_ms": round(elapsed * 1000, 1),
    }


def _named(arguments: Arguments) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if arguments.skills:
        named["skills"] = [{"said": each.said, "skill_id": each.skill_id} for each in arguments.skills]
    if arguments.at:
        named["time"] = arguments.at.strftime("%H:%M")
    if arguments.stop:
        named["off"] = True
    return named


def _as_read(reply: Reply) -> str:
    buttons = "\n".join(f"  [ {button.label} ]" for row in reply.rows for button in row)
    return f"{reply.text.text}\n{buttons}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
