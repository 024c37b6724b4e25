"""The widget in a page of somebody else: signed in by the portal, no cookies, as high as it is.

The portal is on 127.0.0.1 and the product on localhost: two sites for a browser.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import jwt
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import violations
from tests.browser.running import Product, running, small_program

pytestmark = [pytest.mark.browser, pytest.mark.once]


@contextmanager
def portal() -> Iterator[tuple[str, dict[str, str]]]:
    """This will serve a page that a test writes, from an origin of its own."""
    pages: dict[str, str] = {}

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", pages
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def set_up(page: Page, product: Product, sign_in: str, origin: str) -> tuple[str, str]:
    """Let a portal show the widget and make a secret, as a channel chief does on the page."""
    page.goto(f"{product.address}{sign_in}")
    page.get_by_role("button").first.click()
    page.wait_for_url("**/p/**")
    page.goto(f"{product.address}/p/small/settings/widget/")
    page.get_by_label("Address of the portal").fill(origin)
    page.get_by_role("button", name="Let it show the widget").click()
    page.get_by_role("button", name="Make a secret").click()
    secret = page.get_by_role("textbox", name="Secret").input_value()
    kid = page.get_by_role("heading", name="The secret of key").inner_text().split()[-1]
    return kid, secret


def host_page(product: Product, origin: str, kid: str, secret: str, *, number: str) -> str:
    now = int(time.time())
    claims = {
        "iss": origin,
        "sub": "gita@cedar.example",
        "aud": f"{product.address}/widget/small",
        "iat": now,
        "exp": now + 300,
        "jti": number,
    }
    token = jwt.encode(claims, secret, algorithm="HS256", headers={"kid": kid})
    loader = f"{product.address}/widget/small/loader.js"
    return (
        "<!doctype html><html lang=en><title>Portal</title><main><h1>Portal</h1>"
        f'<script async src="{loader}" data-token="{token}"></script></main>'
        "<script>window.told = []; addEventListener('message', (e) => told.push(e.data));</script>"
    )


def inside(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def test_a_partner_answers_in_the_portal_and_another_page_cannot_show_it(
    chromium: Browser, tmp_path: Path
) -> None:
    home = tmp_path / "small"
    small = small_program(home)
    with portal() as (origin, pages), portal() as (stranger, theirs), running(home) as product:
        chief = chromium.new_context().new_page()
        kid, secret = set_up(chief, product, small.sign_in, origin)
        look_at_the_preview(chief, product)

        pages["/"] = host_page(product, origin, kid, secret, number="first")
        context = chromium.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto(origin)
        answer(page)
        assert context.cookies() == []
        told = page.evaluate("told")
        assert told
        assert {frozenset(one) for one in told} == {frozenset({"partnerloop", "height"})}
        assert {one["partnerloop"] for one in told} == {"resize"}

        page.goto(origin)  # the same token a second time
        expect(inside(page).get_by_text("used_before")).to_be_visible()

        theirs["/"] = host_page(product, origin, kid, secret, number="second")
        page.goto(stranger)
        page.wait_for_timeout(1500)
        expect(inside(page).get_by_role("button")).to_have_count(0)
        assert page.evaluate("told") == []


def answer(page: Page) -> None:
    """Go through a visit; the frame grows and shrinks with what stands in it."""
    widget = inside(page)
    expect(widget.get_by_text("You are here as Gita Rao of Cedar.")).to_be_visible()
    small = height(page)
    widget.get_by_role("button", name="Answer a few questions").click()
    expect(widget.get_by_text("pass through a portal")).to_be_visible()
    page.wait_for_function(f"document.querySelector('iframe').height > {small + 200}")
    assert violations(page) == []
    scroll = "document.documentElement.scrollHeight - document.documentElement.clientHeight"
    assert page.frames[1].evaluate(scroll) <= 0
    for scale in widget.get_by_role("group").all():
        scale.locator("label", has_text="8").first.click()
    widget.get_by_role("button", name="Send my answers").click()
    widget.get_by_role("button", name="Send", exact=True).click()
    expect(widget.get_by_text("They count as named")).to_be_visible()
    page.wait_for_function("document.querySelector('iframe').height < 400")


def height(page: Page) -> int:
    return int(page.evaluate("document.querySelector('iframe').height"))


def look_at_the_preview(page: Page, product: Product) -> None:
    page.goto(f"{product.address}/p/small/settings/widget/")
    inside(page).get_by_role("button", name="Send my answers").click()
    expect(inside(page).get_by_text("Here they would count by name.")).to_be_visible()
