"""Can everybody use the page? Names, contrast, focus and width, measured in a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.sandbox.page.browsing import ALEX, DESK, IN_A_BROWSER, PHONE, Bot, bubble, opened, sticking_out

pytestmark = IN_A_BROWSER

LEAST_CONTRAST = 4.5  # of text, WCAG 2.2, 1.4.3 (AA)

CONTRASTS = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const rgba = (text) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
    const light = ([r, g, b]) => [r, g, b]
        .map((one) => one / 255).map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0);
    const ratio = (one, other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    // Of a gradient every colour may lie below the text.
    const grounds = (element) => {
        const layers = [];
        for (let one = element; one; one = one.parentElement) {
            const style = getComputedStyle(one);
            const stops = (style.backgroundImage.match(/(rgba?|color)\\([^)]*\\)/g) ?? []).map(rgba);
            const solid = stops.filter((stop) => stop[3] === 1);
            const own = rgba(style.backgroundColor);
            if (solid.length || own[3] === 1) {
                const bases = [...solid, ...(own[3] === 1 ? [own] : [])];
                return bases.map((base) => layers.reduceRight((below, top) => over(top, below), base));
            }
            layers.push(own);
        }
        return [layers.reduceRight((below, top) => over(top, below), rgba('Canvas'))];
    };
    const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && !element.closest('[aria-hidden=true], :disabled, [aria-disabled=true], .unseen, .spoiler-text');
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const [text, element] = [walker.currentNode.textContent.trim(), walker.currentNode.parentElement];
        if (!text || !isShown(element) || !element.getClientRects().length) continue;
        const ink = rgba(getComputedStyle(element).color);
        const worst = Math.min(...grounds(element).map((ground) => ratio(over(ink, ground), ground)));
        found.push([Math.round(worst * 100) / 100, `${text.slice(0, 40)} (${element.className})`]);
    }
    return found;
}"""

CONTROLS = (
    "button, a[href], input, select, textarea, summary, [role=group], [role=listbox], aside, main, section"
)
NAMELESS = """(controls) => [...document.querySelectorAll(controls)]
    .filter((one) => one.checkVisibility())
    .filter((one) => {
        const ids = (one.getAttribute('aria-labelledby') ?? '').split(' ');
        const by = ids.map((id) => document.getElementById(id));
        const words = [...one.childNodes].map((node) => node.textContent).join('');
        const isBox = one.matches('[role], aside, main, section, input, select, textarea');
        const named = one.ariaLabel || by.some((other) => other?.textContent.trim())
            || [...(one.labels ?? [])].some((label) => label.textContent.trim()) || (!isBox && words.trim());
        return !named;
    }).map((one) => one.outerHTML.slice(0, 90))"""

FOCUS = """() => {
    const one = document.activeElement;
    const shown = (element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow.includes('inset');
    };
    if (one === document.body) return ['', true];
    return [one.ariaLabel || one.textContent.trim().slice(0, 30), shown(one) || shown(one.parentElement)];
}"""


@asynccontextmanager
async def full(browser: Browser, address: str, bot: Bot, **context: Any) -> AsyncIterator[Page]:
    """A page on which nearly all there is can be seen."""
    async with opened(browser, address, **context) as page:
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(bubble(page, "/start")).to_be_visible()
        await bot.send(
            "<b>Bold</b> <a href='https://example.org/'>link</a> <code>code</code> /help\n"
            "<pre><code class='language-python'>x = 3</code></pre><blockquote>said</blockquote>",
            reply_markup={"inline_keyboard": [[{"text": "Deeper", "callback_data": "d"}]]},
        )
        quiz = {"type": "quiz", "correct_option_ids": [1], "explanation": "Few examples are learnt by heart."}
        options = [{"text": "Too much sun"}, {"text": "Too little data"}, {"text": "Rain"}]
        await bot.call("sendPoll", chat_id=ALEX, question="Why?", options=options, is_anonymous=False, **quiz)
        await page.get_by_role("button", name="Too much sun").click()
        await expect(page.get_by_text("Your answer: wrong")).to_be_visible()
        await bot.call("sendPoll", chat_id=ALEX, question="When?", options=options, is_anonymous=False)
        await expect(page.get_by_role("group", name="Poll: When?")).to_be_visible()
        yield page


async def too_faint(page: Page) -> list[Any]:
    found = await page.evaluate(CONTRASTS)
    assert len(found) > 10
    return [(ratio, words) for ratio, words in found if ratio < LEAST_CONTRAST]


@pytest.mark.parametrize("light", ["light", "dark"])
async def test_a_wide_page_is_named_and_readable(
    browser: Browser, bot: Bot, address: str, light: str
) -> None:
    async with full(browser, address, bot, color_scheme=light, viewport=DESK) as page:
        await page.get_by_role("button", name="Add a learner").click()
        await page.get_by_role("button", name="Behind the scenes").click()
        await page.get_by_role("button", name="502").click()
        await page.get_by_text("With names of your own").click()
        await bot.http.post("sendMessage", data={"chat_id": ALEX, "text": "lost"})
        await expect(page.locator("#used")).to_contain_text("Used up")
        assert await too_faint(page) == []
        assert await page.evaluate(NAMELESS, CONTROLS) == []
        assert await sticking_out(page) == []
        ids = await page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("light", ["light", "dark"])
async def test_a_phone_is_named_and_readable(browser: Browser, bot: Bot, address: str, light: str) -> None:
    await bot.call("setMyCommands", commands=[{"command": "quiz", "description": "Get a question"}])
    async with full(browser, address, bot, color_scheme=light) as page:
        for opener in ("Learners and groups", "Behind the scenes", "Commands"):
            if opener == "Behind the scenes":
                await page.get_by_role("button", name="Chat menu").click()
                assert await too_faint(page) == []
                await page.get_by_role("menuitem", name=opener).click()
            else:
                await page.get_by_role("button", name=opener).click()
            assert await too_faint(page) == []
            assert await page.evaluate(NAMELESS, CONTROLS) == []
            assert await sticking_out(page) == []
            assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
            await page.keyboard.press("Escape")


async def test_the_tab_key_goes_from_list_to_chats_to_panel_and_is_seen(
    browser: Browser, bot: Bot, address: str
) -> None:
    async with full(browser, address, bot, viewport=DESK) as page:
        await page.get_by_role("button", name="Behind the scenes").click()
        await page.locator("#learner-list button").first.focus()
        order = list[str]()
        for _ in range(45):
            await page.keyboard.press("Tab")
            name, is_seen = await page.evaluate(FOCUS)
            assert is_seen, f"no focus to be seen on {name}"
            order.append(name)
        stations = [
            "Add a learner",
            "Behind the scenes",
            "Chat menu",
            "Messages",
            "Deeper",
            "Message",
            "502: bad gateway",
        ]
        places = [order.index(station) for station in stations]
        assert places == sorted(places)


async def test_those_who_want_less_motion_get_none(browser: Browser, address: str) -> None:
    async with opened(browser, address) as page:
        await page.get_by_role("button", name="Learners and groups").click()
        longest = (
            "Math.max(0, ...document.getAnimations().map((one) => one.effect.getComputedTiming().duration))"
        )
        assert await page.evaluate(longest) < 1
