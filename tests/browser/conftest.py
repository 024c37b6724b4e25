"""Debian's Chromium for browser tests: one browser per run, a fresh context per test.

`chromium` is the browser, `open_page` opens an address as a phone or a desktop in either theme,
and `violations` asks axe what is wrong with a page.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True, slots=True)
class Screen:
    """What a page is looked at with."""

    name: str
    width: int
    height: int = 900
    theme: str = "light"

    def in_the(self, theme: str) -> "Screen":
        """Return the same screen in another theme."""
        return Screen(self.name, self.width, self.height, theme)


PHONE = Screen("phone", 390, 844)
DESKTOP = Screen("desktop", 1280)
SMALLEST = Screen("smallest phone", 320, 640)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """This will start one Chromium for all browser tests of a run."""
    # Playwright's event loop lives in this thread, where Django would refuse the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    path = os.environ.get("PARTNERLOOP_TEST_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


OpenPage = Callable[[str, Screen], Page]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """This will open addresses in contexts of their own; a page error or refusal fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(url: str, screen: Screen = DESKTOP) -> Page:
        context = chromium.new_context(
            viewport={"width": screen.width, "height": screen.height},
            color_scheme="dark" if screen.theme == "dark" else "light",
            has_touch=screen.width < 600,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def violations(page: Page, standards: Sequence[str] = STANDARDS) -> list[str]:
    """Return what axe finds wrong, one line per rule with the first places."""
    # Every rule runs; what is in order is not described, and not sent over: that takes longer.
    options = {
        "runOnly": {"type": "tag", "values": list(standards)},
        "resultTypes": ["violations"],
    }
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("told => axe.run(document, told).then(all => all.violations)", options)
    return [
        f"{one['id']}: {one['help']} at {[n['target'] for n in one['nodes'][:3]]}" for one in found
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its screen."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
