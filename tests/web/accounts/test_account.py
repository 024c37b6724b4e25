"""Your account: seen by its owner, changed only soon after signing in, sessions ended at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from partnerloop.accounts.models import UserSession
from partnerloop.core import clock
from partnerloop.core.models import Message
from partnerloop.integrations.email.local_outbox import local_mails
from tests.web.accounts.conftest import PASSWORD
from tests.web.conftest import NOW

CHANGES = (
    "/account/password/",
    "/account/app/",
    "/account/app/remove/",
    "/account/codes/",
    "/account/passkeys/",
    "/account/passkeys/1/remove/",
)


def test_it_shows_where_one_is_signed_in(enter) -> None:
    first, second = enter(), enter()
    page = second.get("/account/").text
    assert page.count("Sign out there") == 1
    assert "mailed link" in page
    session = UserSession.objects.get(session_key=first.session.session_key)
    second.post(f"/account/sessions/{session.pk}/end/")
    assert first.get("/p/northwind/").status_code == 302
    assert second.get("/p/northwind/").status_code == 200


def test_everywhere_else_is_one_press(enter) -> None:
    others, here = [enter(), enter()], enter()
    here.post("/account/sessions/end/")
    assert [other.get("/p/northwind/").status_code for other in others] == [302, 302]
    assert here.get("/p/northwind/").status_code == 200


def test_signing_out_takes_the_session_from_the_list(enter, priya) -> None:
    other = enter()
    other.post("/sign-out/")
    assert "Sign out there" not in priya.get("/account/").text


def test_nobody_ends_sessions_or_passkeys_of_others(pages, priya) -> None:
    chief = Client()
    chief.force_login(pages.member("Omar Haddad", "chief").user)
    session = UserSession.objects.get()
    assert chief.post(f"/account/sessions/{session.pk}/end/").status_code == 404
    assert priya.get("/p/northwind/").status_code == 200


@pytest.mark.parametrize("address", CHANGES)
def test_later_one_signs_in_again_before_a_change(priya, monkeypatch, address) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=16))
    answer = priya.post(address, {"password": "violet harbour lamp", "code": "1"})
    assert answer.url == "/sign-in/?next=%2Faccount%2F"
    assert priya.get("/account/").status_code == 200


@pytest.mark.parametrize("address", ("/account/", *CHANGES))
def test_without_a_session_there_is_no_account(pages, client, address) -> None:
    assert client.get("/account/").url.startswith("/sign-in/")
    assert client.post(address).status_code in (302, 405)


def test_no_page_of_allauth_is_reachable() -> None:
    names = [str(name) for name in get_resolver().reverse_dict if isinstance(name, str)]
    assert not [name for name in names if name.startswith(("account_", "mfa_", "socialaccount"))]
    assert [name for name in names if name == "account"] == ["account"]


def notices() -> list[str]:
    mails = Message.objects.filter(key__startswith="account:", to="priya@northwind.example")
    return list(mails.order_by("created_at").values_list("subject", flat=True))


@pytest.mark.usefixtures("with_app")
def test_each_change_of_how_one_signs_in_is_told_by_mail(priya) -> None:
    priya.post("/account/password/", {"password": PASSWORD})
    priya.post("/account/codes/")
    priya.post("/account/app/remove/")
    assert set(notices()) == {
        "An app for codes was added to your account",
        "Your password was set",
        "Your recovery codes were renewed",
        "Codes of an app are asked for no more",
    }


def test_a_change_that_is_refused_is_told_to_nobody(priya) -> None:
    assert priya.post("/account/password/", {"password": "short"}).status_code == 400
    assert priya.post("/account/app/", {"code": "000000"}).status_code == 400
    assert notices() == []


@pytest.mark.usefixtures("with_password")
def test_a_notice_lets_nobody_in_and_lies_on_no_page(pages) -> None:
    mail = Message.objects.get(key__startswith="account:")
    assert PASSWORD not in mail.text + mail.html
    assert "/s/" not in mail.text
    assert "23 November 2026, 11:00" in mail.text
    assert not local_mails(pages.world.program).exists()
