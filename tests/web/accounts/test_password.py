"""Signing in by password: refused in one sentence, slowed down, and nobody locked out."""

import pytest
from django.test import Client

from partnerloop.accounts.models import SignInFailure
from partnerloop.accounts.signing_in import make_link
from partnerloop.accounts.throttling import MOST_FROM_HERE, MOST_OF_AN_ACCOUNT
from tests.web.accounts.conftest import PASSWORD
from tests.web.conftest import NOW

ADDRESS = "priya@northwind.example"


def tried(client: Client, password: str, *, email: str = ADDRESS, place: str = "203.0.113.7"):
    told = {"email": email, "password": password}
    return client.post("/sign-in/password/", told, REMOTE_ADDR=place)


def is_in(client: Client) -> bool:
    return client.get("/p/northwind/").status_code == 200


@pytest.mark.usefixtures("with_password")
def test_address_and_password_let_in(client) -> None:
    assert tried(client, PASSWORD, email="Priya@Northwind.example").status_code == 302
    assert is_in(client)


@pytest.mark.usefixtures("with_password")
def test_all_who_are_refused_read_the_same(client, pages) -> None:
    unset = pages.member("Omar Haddad", "lead").user.email
    answers = [
        tried(client, "wrong"),
        tried(client, PASSWORD, email="nobody@else.example"),
        tried(client, "", email=unset),
        tried(client, "!", email=unset),
    ]
    texts = [answer.text.count("This did not let you in") for answer in answers]
    assert texts == [1, 1, 0, 1]
    assert [answer.status_code for answer in answers] == [400] * 4


@pytest.mark.usefixtures("with_password")
def test_after_five_wrong_ones_from_a_place_the_right_one_waits_too(client) -> None:
    for _ in range(MOST_FROM_HERE):
        tried(client, "wrong")
    assert "This did not let you in" in tried(client, PASSWORD).text
    assert not is_in(client)


@pytest.mark.usefixtures("with_password")
def test_a_stranger_does_not_lock_out_whose_account_it_is(enter) -> None:
    known = enter()
    known.post("/sign-out/")
    for number in range(MOST_OF_AN_ACCOUNT):
        tried(Client(), "wrong", place=f"198.51.100.{number}")
    elsewhere = Client()
    assert tried(elsewhere, PASSWORD).status_code == 400
    assert tried(known, PASSWORD).status_code == 302
    assert is_in(known)


@pytest.mark.usefixtures("with_password")
def test_a_mailed_link_lets_in_however_many_attempts_there_were(client, pages) -> None:
    for _ in range(MOST_FROM_HERE + 1):
        tried(client, "wrong")
    client.post(f"/s/{make_link(pages.world.priya.user, at=NOW)}")
    assert is_in(client)


@pytest.mark.usefixtures("with_password")
def test_what_is_counted_names_nobody(client) -> None:
    tried(client, "wrong")
    keys = " ".join(SignInFailure.objects.values_list("key", flat=True))
    assert len(keys.split()) == 3
    assert "priya" not in keys
    assert "203.0" not in keys


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("short7!", "too short"), ("password1", "too common"), ("12345678", "too common")],
)
def test_a_weak_password_is_refused_with_a_reason(priya, password, sentence) -> None:
    answer = priya.post("/account/password/", {"password": password})
    assert answer.status_code == 400
    assert sentence in answer.text


def test_any_characters_will_do_from_eight_to_many(priya) -> None:
    for password in ("wörter 🌊", "all small letters", "x" * 40 + "y" * 160):
        assert priya.post("/account/password/", {"password": password}).status_code == 302


@pytest.mark.usefixtures("with_password")
def test_a_new_password_signs_out_everywhere_else(enter, priya) -> None:
    other = enter()
    assert is_in(other)
    priya.post("/account/password/", {"password": "another one entirely"})
    assert is_in(priya)
    assert not is_in(other)
    assert "Sign out there" not in priya.get("/account/").text
