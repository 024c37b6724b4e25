"""Every page of the running product in a real browser: in both themes, on a phone and a desktop."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE, SMALLEST, overflow, violations
from tests.browser.places import ANYBODY, MANAGED, MEMBERS, Places, find_places
from tests.browser.running import Product, bring_up, call, running

pytestmark = [pytest.mark.browser, pytest.mark.once]

CHIEF = "mara.vossberg@halden-robotics.example"
UPLOAD = (
    "partner,domain,type,tier,region,country,contact,email,role,language\n"
    "Alder & Finch,alder.example,integrator,Gold,EMEA,GB,Ana Keller,ana@alder.example,sales,en\n"
    "Birk,birk.example,reseller,Silver,NA,US,Eva Lind,not an address,sales,en\n"
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """This will run the demo program, small, beside a second, empty one."""
    home = tmp_path_factory.mktemp("demo")
    bring_up(home)
    call(home, "demo", "load", "--partners", "40")
    call(home, "add-program", "second", "--owner", CHIEF)
    with running(home, "--demo") as started:
        yield started


@pytest.fixture(scope="module")
def found(chromium: Browser, product: Product) -> Places:
    """This will note where every page is."""
    unused_link = call(product.home, "sign-in-link", CHIEF).strip()
    return find_places(chromium, product, unused_link=unused_link)


def test_every_page_that_there_is_was_looked_for(found: Places) -> None:
    assert set(found.paths) == {*MEMBERS, *MANAGED, *ANYBODY}


@pytest.mark.parametrize("name", [*MEMBERS, *MANAGED, *ANYBODY])
def test_the_page_works_for_everybody(chromium: Browser, product: Product, found: Places, name):
    context = chromium.new_context(
        base_url=product.address,
        storage_state=found.session_for(name),
        reduced_motion="reduce",
    )
    page = context.new_page()
    complaints = complain(page, product)
    page.goto(found.paths[name])
    complaints += wrong_with(page)
    context.close()
    assert complaints == []


def complain(page: Page, product: Product) -> list[str]:
    """This will note errors, refusals by the policy, and requests to anybody else."""
    complaints: list[str] = []

    def said(message: ConsoleMessage) -> None:
        # Chromium also logs the page's own status, which is meant where something is not found
        is_own_status = message.text.startswith("Failed to load") and (
            message.location["url"] == page.url
        )
        if message.type in ("error", "warning") and not is_own_status:
            complaints.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{product.address}/", f"{product.live}/live?")):
            complaints.append(f"asked {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", asked)
    return complaints


def wrong_with(page: Page) -> list[str]:
    """This will look at an open page as a phone and a desktop, in both themes."""
    wrong = []
    for screen in (PHONE, DESKTOP):
        page.set_viewport_size({"width": screen.width, "height": screen.height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            wrong += [f"{screen.name}, {theme}: {rule}" for rule in violations(page)]
    page.set_viewport_size({"width": SMALLEST.width, "height": SMALLEST.height})
    if overflow(page):
        wrong.append(f"scrolls sideways by {overflow(page)} px")
    return wrong


def test_every_step_of_an_import_works_for_everybody(
    chromium: Browser, product: Product, found: Places
) -> None:
    context = chromium.new_context(
        base_url=product.address, storage_state=found.session, reduced_motion="reduce"
    )
    page = context.new_page()
    complaints = complain(page, product)
    page.goto(found.paths["import of an empty program"])
    upload = {"name": "partners.csv", "mimeType": "text/csv", "buffer": UPLOAD.encode()}
    page.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_role("button", name="Read the file").click()
    complaints += wrong_with(page)
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_text("Nothing has been saved yet")).to_be_visible(timeout=20_000)
    complaints += wrong_with(page)
    page.get_by_role("link", name="Continue to confirm").click()
    complaints += wrong_with(page)
    page.get_by_role("button", name="Save 1 row").click()
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible(timeout=20_000)
    complaints += wrong_with(page)
    page.get_by_role("link", name="Import another file").click()
    complaints += wrong_with(page)
    context.close()
    assert complaints == []


def test_the_chosen_theme_is_kept_on_every_page(
    chromium: Browser, product: Product, found: Places
) -> None:
    session = found.session
    context = chromium.new_context(base_url=product.address, storage_state=session)
    page = context.new_page()
    page.goto(found.paths["partners"])
    page.get_by_role("button", name="Dark", exact=True).click()
    assert background(page) == DARK
    assert places.path_of(page.url) == found.paths["partners"]
    page.goto(found.paths["inbox"])
    assert background(page) == DARK
    page.get_by_role("button", name="As my system").click()
    assert background(page) != DARK
    context.close()


DARK = "rgb(17, 19, 21)"


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
