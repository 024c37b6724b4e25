"""Passkeys in a real browser, with an authenticator that Chromium plays itself."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, overflow, violations
from tests.browser.running import Product, running, small_program

SIGN_IN = "/sign-in/password/"
PASSWORD = "violet harbour lamp"
pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, str]]:
    """This will run the small program, and keep Priya's way in."""
    home = tmp_path_factory.mktemp("passkeys")
    small = small_program(home)
    with running(home) as started:
        yield started, small.sign_in


def with_authenticator(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_and_signs_in_without_mail_or_password(
    chromium: Browser, place: tuple[Product, str]
) -> None:
    product, way_in = place
    size = {"width": PHONE.width, "height": PHONE.height}
    context = chromium.new_context(base_url=product.address, viewport=size, reduced_motion="reduce")
    page = context.new_page()
    with_authenticator(page)
    page.goto(way_in)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/account/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) <= 0
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("button", name="Remove Laptop")).to_be_visible()
    for path in ("/account/", "/account/app/", "/account/passkeys/", "/sign-in/", SIGN_IN):
        page.goto(path)
        assert violations(page) == [], path
        assert overflow(page) <= 0, path
        if folder := os.environ.get("PARTNERLOOP_TEST_SHOTS"):
            page.screenshot(
                path=f"{folder}/{path.strip('/').replace('/', '-')}.png", full_page=True
            )

    context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in with a passkey")
    page.goto("/account/")
    expect(page.get_by_text("passkey ·")).to_be_visible()

    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    context.clear_cookies()
    page.goto(SIGN_IN)
    page.get_by_label("Work e-mail").fill("priya@small.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in/second-step/")
    assert violations(page) == []
    assert overflow(page) <= 0
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(lambda url: "second-step" not in url)
    page.goto("/account/")
    expect(page.get_by_text("password ·")).to_be_visible()

    again = chromium.new_context(base_url=product.address)
    answer = again.request.get("/sign-in/second-step/")
    assert answer.url.endswith("/sign-in/")
    again.close()
    context.close()
