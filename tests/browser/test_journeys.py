"""What people do with the product, in a real browser: start, answer, reply, watch."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.cast_for_browsers import WORDS
from tests.browser.conftest import PHONE
from tests.browser.places import first_mail
from tests.browser.running import Product, Small, running, small_program
from tests.supervise.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.once]

PARTNERS = """partner,domain,type,tier,region,country,contact,email,role,language
Alder & Finch,alder.example,integrator,Gold,EMEA,GB,Ana Keller,ana@alder.example,technical,en
Birk GmbH,birk.example,reseller,Silver,NA,US,Eva Lind,eva@birk.example,sales,en
"""


@pytest.fixture
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Small]:
    """This will write the small program into a data directory of its own."""
    home = tmp_path_factory.mktemp("small")
    return home, small_program(home)


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[list[BrowserContext]]:
    """This will close the browsers of a test."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def test_from_founding_to_the_first_answer_on_a_phone_without_scripts(
    chromium: Browser, contexts: list[BrowserContext], tmp_path: Path
) -> None:
    with running(tmp_path / "empty") as product:
        owner = desk(chromium, contexts, product)
        sign_in(owner, product.door("Owner"))
        expect(owner.get_by_role("heading", level=1)).to_have_text(
            "Three steps to your first answer"
        )
        name_the_program(owner)
        import_partners(owner)
        send_the_first_pulse(owner)
        program = owner.url.partition("/pulses/")[0].removeprefix(product.address)
        _, ask = first_mail(owner, f"{program}/")

        receipt = answer_on_a_phone(phone(chromium, contexts, product), ask)
        assert "/r/" in receipt

        def has_reached_the_inbox() -> bool:
            owner.goto(f"{program}/inbox/")
            return owner.get_by_text(WORDS).count() > 0

        assert eventually(has_reached_the_inbox)


def test_a_member_signs_in_and_answers_with_the_keyboard_alone(
    chromium: Browser, contexts: list[BrowserContext], written: tuple[Path, Small]
) -> None:
    home, small = written
    with running(home) as product:
        page = desk(chromium, contexts, product)
        page.goto(small.sign_in)
        press(page, page.get_by_role("button", name="Sign in"))
        page.wait_for_url("**/p/small/")
        press(page, page.get_by_role("link", name=re.compile("^Loop")).first)
        page.wait_for_url("**/inbox/")
        reply = page.get_by_label("Your reply")
        tab_to(page, reply)
        page.keyboard.type("From Monday on we call before a date moves.")
        press(page, page.get_by_role("button", name="Reply and mark answered"))
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text("Nothing waits for an answer")


@pytest.mark.parametrize(
    ("parts", "seconds"),
    [((), 10), (("--only", "web", "--only", "worker", "--only", "scheduler"), 30)],
    ids=["by the stream", "by asking, where there is no stream"],
)
def test_an_answer_moves_the_open_first_screen(
    chromium: Browser, contexts: list[BrowserContext], written: tuple[Path, Small], parts, seconds
) -> None:
    home, small = written
    with running(home, *parts) as product:
        watched = desk(chromium, contexts, product)
        sign_in(watched, small.sign_in)
        composite = watched.locator("#scorecard li").first
        expect(composite).to_contain_text("Not enough answers")
        watched.evaluate("window.isTheSamePage = true")

        answer(phone(chromium, contexts, product), small.asked["Gita Rao"])

        expect(composite).to_contain_text("likely", timeout=seconds * 1000)
        assert watched.evaluate("window.isTheSamePage")


def desk(chromium: Browser, contexts: list[BrowserContext], product: Product) -> Page:
    context = chromium.new_context(base_url=product.address, reduced_motion="reduce")
    contexts.append(context)
    return context.new_page()


def phone(chromium: Browser, contexts: list[BrowserContext], product: Product) -> Page:
    """Open a phone whose browser runs no scripts."""
    context = chromium.new_context(
        base_url=product.address,
        viewport={"width": PHONE.width, "height": PHONE.height},
        has_touch=True,
        java_script_enabled=False,
    )
    contexts.append(context)
    return context.new_page()


def sign_in(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/p/**")


def name_the_program(page: Page) -> None:
    page.get_by_role("link", name="Name it").click()
    page.get_by_label("Program", exact=True).fill("Nordic Partners")
    page.get_by_label("Your company", exact=True).fill("Nordic Drives")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Test its mail").click()
    expect(page.get_by_role("link", name="Change")).to_be_visible()


def import_partners(page: Page) -> None:
    page.get_by_role("link", name="Choose a file").click()
    upload = {"name": "partners.csv", "mimeType": "text/csv", "buffer": PARTNERS.encode()}
    page.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check the rows").click()
    page.get_by_role("link", name="Continue to confirm").click()
    page.get_by_role("button", name="Save 2 rows").click()
    page.get_by_role("link", name="Go on with the start").click()
    expect(page.get_by_text("2 partners, 2 contacts.")).to_be_visible()


def send_the_first_pulse(page: Page) -> None:
    page.get_by_role("link", name="New pulse").click()
    page.get_by_label("Name", exact=True).fill("First pulse")
    page.get_by_role("button", name="See who is asked what").click()
    page.get_by_role("button", name="Send to 2 people").click()
    expect(page.get_by_text("Sent to 2 people")).to_be_visible()


def answer_on_a_phone(page: Page, ask: str) -> str:
    """Answer every question with a line of words, and return the receipt's address."""
    answer(page, ask, words=WORDS)
    receipt = page.locator("a[href*='/r/']").first.get_attribute("href")
    assert receipt is not None
    page.goto(receipt)
    expect(page.get_by_text(WORDS)).to_be_visible()
    return receipt


def answer(page: Page, ask: str, *, words: str = "") -> None:
    page.goto(ask)
    for question in page.locator("fieldset.scale").all():
        question.get_by_text("7", exact=True).click()
    page.locator("label[for=mode-named]").click()
    page.get_by_role("button", name="Send my answers").click()
    if words:
        page.locator("textarea").fill(words)
        page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def press(page: Page, wanted: Locator) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted element has the focus; nothing else may be used to get there."""
    for _ in range(80):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} can't be reached with Tab")
