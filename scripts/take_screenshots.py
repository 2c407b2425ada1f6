"""What does Next Rung look like? Plays a short conversation in the sandbox and takes pictures for the docs.

take_screenshots.py                docs/images/: each moment in light and dark, and a short walk-through
take_screenshots.py --to FOLDER    elsewhere

Wants playwright and Chromium, and the index of BOT_DATA_DIR. Look at every picture before you commit it.
"""

import argparse
import asyncio
import io
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.errors import NextRungError
from bot.sandbox.learners import Words, press, vote, write
from bot.sandbox.world import ALEX_ID, BOT_ID, Chat
from knowledge.reader import read_pack
from scripts.classmates import all_done
from scripts.generate_docs import PROJECT
from scripts.live import Stage, staged, until

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PHONE = {"width": 360, "height": 740}  # CSS pixels: a small phone
SHARPNESS = 2  # pixels of a picture for each of CSS
COLOURS = 256  # of a picture's palette: the page has few, and text stays crisp
FILM_QUALITY = 60  # of WebP
FILM_LIMIT_BYTES = 1_500_000
READING_MS, LOOKING_MS, TYPING_MS = 3000, 1200, 130
SETTLING_MS = 400  # until a page stands still after the last message
TO_THE_TOP = "one => { one.style.scrollMarginTop = '16px'; one.scrollIntoView(); }"
TO_THE_MIDDLE = "one => one.scrollIntoView({ block: 'center' })"
KNOWS = 7  # questions of the placement that are answered right, before "I don't know"
MOST_POLLS = 15
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Studio:
    """One learner's chat in two windows, light and dark, and the film of the first."""

    stage: Stage
    chat: Chat
    pages: dict[Scheme, Page]
    to: Path
    frames: list[Image.Image] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The window in which the learner writes."""
        return self.pages[SCHEMES[0]]

    async def says(self, text: str) -> None:
        """Type and send, on film; wait for all that the bot has to say."""
        box = self.page.get_by_role("textbox", name="Message")
        for end in (len(text) // 3, 2 * len(text) // 3, len(text)):
            await box.fill(text[:end])
            await self.filmed(TYPING_MS)
        async with self.answered():
            await box.press("Enter")
            await expect(self._log(self.page).get_by_text(text).last).to_be_visible()
            await self.filmed(LOOKING_MS // 2)

    @asynccontextmanager
    async def answered(self) -> AsyncIterator[None]:
        """What is done in here gets its answers before the story goes on."""
        before = len(self.heard())
        yield
        await self.page.mouse.move(0, 0)  # so that nothing looks pointed at
        await until(lambda: len(self.heard()) > before, "an answer")
        await all_done(self.stage)
        await self.page.wait_for_timeout(SETTLING_MS)

    async def pictured(self, name: str, words: str, reading_ms: int = READING_MS) -> None:
        """A picture in each scheme, with the newest message that holds `words` at the top."""
        for scheme, page in self.pages.items():
            await self._log(page).get_by_text(words).last.evaluate(TO_THE_TOP)
            await page.wait_for_timeout(SETTLING_MS)
            picture = Image.open(io.BytesIO(await page.screenshot()))
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(self.to / f"{name}-{scheme}.png", optimize=True)
        await self.filmed(reading_ms)

    async def filmed(self, milliseconds: int) -> None:
        """The window as it is now, for so long."""
        await self.page.wait_for_timeout(50)
        picture = Image.open(io.BytesIO(await self.page.screenshot(scale="css"))).convert("RGB")
        self.frames.append(picture)
        self.durations.append(milliseconds)

    def film(self) -> Path:
        """All frames as one animated WebP."""
        file, (first, *others) = self.to / "walk-through.webp", self.frames
        first.save(
            file,
            save_all=True,
            append_images=others,
            duration=self.durations,
            loop=0,
            quality=FILM_QUALITY,
            method=6,
        )
        return file

    def heard(self) -> list[dict[str, Any]]:
        """What the bot wrote, oldest first."""
        bodies = [message.body for message in self.chat.messages.values()]
        return [body for body in bodies if body["from"]["id"] == BOT_ID]

    @staticmethod
    def _log(page: Page) -> Locator:
        return page.get_by_role("log", name="Messages")


def main() -> int:
    """Take all pictures; exit code 1 where the walk-through is too large, 2 without Chromium or an index."""
    parser = argparse.ArgumentParser(
        prog="take_screenshots", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--to", type=Path, default=PROJECT / "docs/images", metavar="FOLDER")
    to = parser.parse_args().to
    to.mkdir(parents=True, exist_ok=True)
    try:
        film = asyncio.run(_taken(to))
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for file in sorted(to.iterdir()):
        print(f"{file.name:<24}{file.stat().st_size / 1000:8.0f} kB")
    return 0 if film.stat().st_size < FILM_LIMIT_BYTES else 1


async def _taken(to: Path) -> Path:
    async with staged() as stage, _windows() as browser:
        await stage.listening()
        pages = {scheme: await _opened(browser, stage.sandbox.address, scheme) for scheme in SCHEMES}
        studio = Studio(stage, stage.world.chats[ALEX_ID], pages, to)
        await _meet(studio)
        await _ask(studio)
        await _place(studio)
        await _quiz(studio)
        await _go_on(studio)
        return studio.film()


async def _meet(studio: Studio) -> None:
    await studio.filmed(LOOKING_MS)
    async with studio.answered():
        await studio.page.get_by_role("button", name="Start", exact=True).click()
    await studio.pictured("welcome", "Welcome to Next Rung", LOOKING_MS)


async def _ask(studio: Studio) -> None:
    question = "do i need a degree for this?"
    await studio.says(question)
    await studio.pictured("answer", question)
    await studio.page.get_by_role("button", name="Read more").last.evaluate(TO_THE_MIDDLE)
    await studio.filmed(LOOKING_MS)


async def _place(studio: Studio) -> None:
    """Off the film: who Alex is, and where they stand; so the map has something to show."""
    for told in ("machine learning engineer", "some", "6 hours", "Berlin", "/placement"):
        async with studio.answered():
            write(studio.stage.world, studio.chat, ALEX_ID, Words(told))
    async with studio.answered():
        press(studio.stage.world, studio.chat, ALEX_ID, *_button_of(studio, "begin"))
    await _answer_all(studio)


async def _answer_all(studio: Studio) -> None:
    """The first `KNOWS` polls rightly; of the others Alex says that they don't know."""
    keys, answered = _keys(studio), 0
    while answered < MOST_POLLS and "poll" in (last := studio.heard()[-1]):
        options = [option["text"] for option in last["poll"]["options"]]
        key = keys[last["poll"]["question"]] if answered < KNOWS else options[-1]
        async with studio.answered():
            vote(studio.stage.world, last["poll"]["id"], ALEX_ID, [options.index(key)])
        answered += 1


def _keys(studio: Studio) -> dict[str, str]:
    """The right option of every item, by its stem: in a placement the poll itself does not tell."""
    items = read_pack(studio.stage.settings.knowledge_dir).items.values()
    return {item.stem: item.options[item.key].text for of_skill in items for item in of_skill}


async def _quiz(studio: Studio) -> None:
    await studio.says("/quiz")
    poll = next(body["poll"] for body in reversed(studio.heard()) if "poll" in body)
    shown = studio.page.get_by_role("group", name=re.compile("^Quiz: " + re.escape(poll["question"][:40])))
    await shown.last.evaluate(TO_THE_TOP)
    await studio.filmed(READING_MS)
    right = poll["options"][poll["correct_option_ids"][0]]["text"]
    async with studio.answered():
        await shown.last.get_by_role("button", name=right).click()
    await studio.pictured("quiz", poll["question"])


async def _go_on(studio: Studio) -> None:
    await studio.says("what should I learn next?")
    await studio.pictured("next-step", "what should I learn next?")
    await studio.says("/progress")
    await studio.pictured("progress", "/progress")


def _button_of(studio: Studio, words: str) -> tuple[int, str]:
    """The newest message's button with these words in it."""
    message = studio.heard()[-1]
    rows = message["reply_markup"]["inline_keyboard"]
    data = next(button["callback_data"] for row in rows for button in row if words in button["text"])
    return message["message_id"], data


@asynccontextmanager
async def _windows() -> AsyncIterator[Browser]:
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        raise FileNotFoundError(f"there is no Chromium: none of {', '.join(CHROMIUM)} is on PATH")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        try:
            yield browser
        finally:
            await browser.close()


async def _opened(browser: Browser, address: str, scheme: Scheme) -> Page:
    calm: dict[str, Any] = {"viewport": PHONE, "device_scale_factor": SHARPNESS, "reduced_motion": "reduce"}
    page = await (await browser.new_context(**calm, color_scheme=scheme)).new_page()
    await page.goto(address)
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    return page


if __name__ == "__main__":
    sys.exit(main())
