"""Takes the picture of the README from a running demo program: its scorecard and first change.

usage: bin/run --demo, then with the channel chief's one-time link that it prints:
       .venv/bin/python docs/images/make.py http://localhost:8000/s/...
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURE = Path(__file__).with_name("scorecard.png")
WIDTH, MARGIN = 1280, 24


def take(link: str) -> None:
    """This will sign in by the link and write the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--headless", "--no-sandbox"]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": 1600}, color_scheme="light", reduced_motion="reduce"
        )
        page.goto(link)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("#scorecard")
        page.screenshot(path=PICTURE, clip=_frame(page))
        browser.close()


def _frame(page: Page) -> dict[str, float]:
    """Return the part from the headline to the end of the first change."""
    top = page.locator(".head").bounding_box()
    first = page.locator(".change").first.bounding_box()
    assert top is not None
    assert first is not None
    return {
        "x": top["x"] - MARGIN,
        "y": top["y"] - MARGIN / 2,
        "width": top["width"] + 2 * MARGIN,
        "height": first["y"] + first["height"] - top["y"] + MARGIN / 2,
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    take(sys.argv[1])
