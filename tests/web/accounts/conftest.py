"""A member who has just signed in, and codes of the app on their phone."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from partnerloop.accounts.signing_in import make_link
from tests.web.conftest import NOW

PASSWORD = "violet harbour lamp"


def code_of(secret: str) -> str:
    """Return what an app with this key shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def enter(pages) -> Callable[[], Client]:
    """Open a browser in which Priya signs in by a mailed link."""

    def entered() -> Client:
        client = Client()
        client.post(f"/s/{make_link(pages.world.priya.user, at=NOW)}")
        return client

    return entered


@pytest.fixture
def priya(enter) -> Client:
    """Priya's browser, a moment after she signed in."""
    return enter()


@pytest.fixture
def with_app(priya) -> tuple[str, list[str]]:
    """Set up an app; return its key and the recovery codes that were shown."""
    secret = re.search(r'id="key"[^>]*value="(\w+)"', priya.get("/account/app/").text)[1]
    shown = priya.post("/account/app/", {"code": code_of(secret)}).text
    return secret, re.findall(r"<code>(\d+)</code>", shown)


@pytest.fixture
def with_password(priya) -> None:
    """Set Priya's password."""
    assert priya.post("/account/password/", {"password": PASSWORD}).status_code == 302
