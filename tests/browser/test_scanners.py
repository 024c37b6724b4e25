"""A link scanner with a whole browser leaves no answer; a person clicks once, confirms once."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.running import running, small_program

pytestmark = [pytest.mark.browser, pytest.mark.once]

POSTED = {
    "the script sends the form": "document.forms[0].submit()",
    "the script asks for sending": "document.forms[0].requestSubmit()",
    "the script presses the button": "document.querySelector('button.primary').click()",
}


def test_a_burst_with_scripts_and_posts_leaves_no_answer_and_a_person_confirms_once(
    chromium: Browser, tmp_path: Path
) -> None:
    home = tmp_path / "small"
    small = small_program(home)
    ask = small.asked["Gita Rao"]
    with running(home) as product:
        scanner = chromium.new_context(base_url=product.address)
        page = scanner.new_page()
        for link in [f"{ask}/all", *(f"{ask}?q={step}" for step in range(11))]:
            assert scanner.request.get(link).ok
        for score, script in enumerate(POSTED.values()):
            page.goto(f"{ask}?q={score}")
            page.evaluate(script)
            expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
            page.evaluate(script)
            expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
        press_at_once(page, f"{ask}?q=3")
        assert is_unanswered(page, ask)

        person = chromium.new_context(base_url=product.address).new_page()
        person.goto(f"{ask}?q=7")
        expect(person.get_by_text("You picked 7 in the e-mail.")).to_be_visible()
        person.wait_for_timeout(2500)
        person.locator("label[for=mode-named]").click()
        person.get_by_role("button", name="Send my answers").click()
        person.wait_for_url("**/thanks")


def press_at_once(page: Page, link: str) -> None:
    """Press as a driven browser does: its events are trusted, but nobody reads that fast."""
    page.goto(link)
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")


def is_unanswered(page: Page, ask: str) -> bool:
    page.goto(f"{ask}/thanks")
    return not page.url.endswith("/thanks")
