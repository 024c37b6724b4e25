"""The design in a real browser: accessible, without sideways scrolling, under the strict policy."""

import re
from collections.abc import Iterator

import pytest

from tests.browser.conftest import (
    DESKTOP,
    PHONE,
    SMALLEST,
    STANDARDS,
    OpenPage,
    overflow,
    violations,
)
from tests.browser.serving import served
from tests.gallery import cast, letters, pages

pytestmark = pytest.mark.browser

RESPONDENT = pages.respondent()
LETTERS = {f"mail-{name.replace(' ', '-')}": mail.html for name, mail in letters.LETTERS.items()}
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def desk() -> Iterator[str]:
    """This will serve the gallery, every respondent page and every letter."""
    with served({"gallery": pages.gallery()} | RESPONDENT | LETTERS) as address:
        yield address


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=lambda s: s.name)
def test_all_components_are_accessible(desk: str, open_page: OpenPage, screen, theme) -> None:
    page = open_page(f"{desk}/gallery", screen.in_the(theme))
    assert violations(page) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", RESPONDENT)
def test_respondent_pages_are_accessible(desk: str, open_page: OpenPage, name, theme) -> None:
    page = open_page(f"{desk}/{name}", PHONE.in_the(theme))
    assert violations(page) == []


@pytest.mark.parametrize("name", ["gallery", *RESPONDENT])
def test_no_page_scrolls_sideways_on_the_smallest_phone(desk: str, open_page: OpenPage, name):
    page = open_page(f"{desk}/{name}", SMALLEST)
    assert overflow(page) == 0


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", LETTERS)
def test_letters_are_accessible_and_fit_a_phone(desk: str, open_page: OpenPage, name, theme):
    page = open_page(f"{desk}/{name}", SMALLEST.in_the(theme))
    # Landmarks, which "best-practice" asks for, do not belong in a mail.
    assert violations(page, [one for one in STANDARDS if one != "best-practice"]) == []
    assert overflow(page) == 0


def test_the_steps_of_a_scale_can_be_hit_on_the_smallest_phone(desk: str, open_page: OpenPage):
    page = open_page(f"{desk}/answer", SMALLEST)
    boxes = [step.bounding_box() for step in page.locator("#q1 .step").all()]
    assert len(boxes) == 11
    assert all(box is not None and box["width"] >= 24 and box["height"] >= 44 for box in boxes)


PRESSED = ".step, .judge, button, .btn, .choice, summary, .row > a, .apart, textarea"


@pytest.mark.parametrize("screen", [PHONE, SMALLEST], ids=lambda s: s.name)
@pytest.mark.parametrize("name", RESPONDENT)
def test_whatever_is_pressed_is_as_high_as_a_thumb(desk: str, open_page: OpenPage, screen, name):
    page = open_page(f"{desk}/{name}", screen)
    main = page.locator("main")
    found = [(one.inner_text(), one.bounding_box()) for one in main.locator(PRESSED).all()]
    small = [(text, box["height"]) for text, box in found if box and 0 < box["height"] < 44]
    assert small == []


def test_a_question_is_answered_with_the_keyboard_alone(desk: str, open_page: OpenPage):
    page = open_page(f"{desk}/answer", DESKTOP)
    page.locator("#q2 input").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator("#q2 input:checked").get_attribute("value") == "2"


def test_the_whole_card_of_a_mode_can_be_pressed_but_its_details_choose_nothing(
    desk: str, open_page: OpenPage
):
    page = open_page(f"{desk}/answer", PHONE)
    page.locator(".choice summary").click()
    assert page.locator("#mode input:checked").count() == 0
    page.locator("#mode-confidential-is").click(force=True)  # the label lies over its sentence
    assert page.locator("#mode input:checked").get_attribute("value") == "confidential"


def test_the_skip_link_leads_to_the_content(desk: str, open_page: OpenPage):
    page = open_page(f"{desk}/gallery", DESKTOP)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "main"


def test_tools_and_sign_out_are_behind_more_on_a_phone(desk: str, open_page: OpenPage):
    page = open_page(f"{desk}/gallery", PHONE)
    assert not page.locator("#more").is_visible()
    page.get_by_role("button", name="More", exact=True).click()
    assert page.locator("#more").get_by_role("link", name="Settings").is_visible()
    assert page.locator("#more").get_by_role("button", name="Sign out").is_visible()
    assert violations(page) == []


def test_why_a_figure_is_hidden_can_be_read(desk: str, open_page: OpenPage):
    page = open_page(f"{desk}/gallery", PHONE)
    page.get_by_role("button", name="Not shown").click()
    assert page.locator(f"#hidden-{cast.HIDDEN.key}").is_visible()


def test_copying_the_receipt_is_offered_where_scripts_run(desk: str, open_page: OpenPage):
    page = open_page(f"{desk}/thanks", PHONE)
    assert page.get_by_role("button", name="Copy").is_visible()


MIRRORED = {
    f"{name}-rtl": re.sub(r'<html lang="[\w-]+" dir="ltr"', '<html lang="ar" dir="rtl"', html)
    for name, html in (RESPONDENT | LETTERS).items()
}


@pytest.fixture(scope="module")
def mirrored() -> Iterator[str]:
    """This will serve every respondent page and letter as readers from right to left get it."""
    assert all('dir="rtl"' in html for html in MIRRORED.values())
    with served(MIRRORED) as address:
        yield address


@pytest.mark.parametrize("name", MIRRORED)
def test_from_right_to_left_nothing_scrolls_sideways(mirrored: str, open_page: OpenPage, name):
    page = open_page(f"{mirrored}/{name}", PHONE)
    assert overflow(page) == 0


def test_from_right_to_left_a_scale_runs_the_other_way(mirrored: str, open_page: OpenPage):
    page = open_page(f"{mirrored}/answer-rtl", PHONE)
    steps = page.locator("#q1 .step")
    first, second = steps.nth(0).bounding_box(), steps.nth(1).bounding_box()
    assert first
    assert second
    assert first["x"] > second["x"]
