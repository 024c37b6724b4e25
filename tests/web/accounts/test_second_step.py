"""The second step: asked for after a link or a password, by code of an app or recovery code."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from partnerloop.accounts.second_step import APP
from partnerloop.core.models import AuditEntry
from tests.web.accounts.conftest import PASSWORD, code_of


def is_in(client: Client) -> bool:
    return client.get("/p/northwind/").status_code == 200


@pytest.fixture
def halfway(with_app, enter) -> Client:
    return enter()


def test_a_mailed_link_alone_lets_in_no_more(halfway) -> None:
    assert not is_in(halfway)
    assert "One more step" in halfway.get("/sign-in/second-step/").text


def test_a_password_alone_lets_in_no_more(with_password, with_app, client) -> None:
    answer = client.post(
        "/sign-in/password/", {"email": "priya@northwind.example", "password": PASSWORD}
    )
    assert answer.url == "/sign-in/second-step/"
    assert not is_in(client)


def test_the_code_of_the_app_lets_in_once(halfway, with_app, enter) -> None:
    code = code_of(with_app[0])
    assert halfway.post("/sign-in/second-step/", {"code": f"{code[:3]} {code[3:]}"}).url == "/"
    assert is_in(halfway)
    again = enter()
    assert again.post("/sign-in/second-step/", {"code": code}).status_code == 400
    assert not is_in(again)


def test_a_recovery_code_lets_in_once(halfway, with_app, enter) -> None:
    assert len(with_app[1]) == 10
    code = with_app[1][3]
    halfway.post("/sign-in/second-step/", {"code": code})
    assert is_in(halfway)
    again = enter()
    assert again.post("/sign-in/second-step/", {"code": code}).status_code == 400


def test_guessing_codes_is_slowed_down(halfway, with_app) -> None:
    for number in range(5):
        halfway.post("/sign-in/second-step/", {"code": f"00000{number}"})
    answer = halfway.post("/sign-in/second-step/", {"code": with_app[1][0]})
    assert answer.status_code == 400
    assert not is_in(halfway)


def test_without_a_first_step_there_is_no_second(with_app, client) -> None:
    answer = client.post("/sign-in/second-step/", {"code": with_app[1][0]})
    assert answer.url == "/sign-in/"
    assert not is_in(client)


def test_the_key_is_sealed_in_the_database(with_app) -> None:
    row = Authenticator.objects.get(type=APP)
    assert with_app[0] not in str(row.data)


def test_a_wrong_code_sets_nothing_up(priya) -> None:
    priya.get("/account/app/")
    answer = priya.post("/account/app/", {"code": "000000"})
    assert answer.status_code == 400
    assert not Authenticator.objects.exists()


def test_removing_the_app_removes_codes_that_recover_nothing(with_app, priya) -> None:
    priya.post("/account/app/remove/")
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.filter(action="account.app_removed").count() == 1


def test_new_recovery_codes_replace_the_old(with_app, priya, enter) -> None:
    assert "The codes before work no more" in priya.post("/account/codes/").text
    halfway = enter()
    halfway.post("/sign-in/second-step/", {"code": with_app[1][0]})
    assert not is_in(halfway)


def test_nonsense_for_a_passkey_is_refused_plainly(client, with_app, enter) -> None:
    for nonsense in ("", "{", "[]", "null", '{"response": {"clientDataJSON": "e30"}}'):
        for browser, address in ((client, "/sign-in/passkey/"), (enter(), "/sign-in/second-step/")):
            browser.get(address)
            answer = browser.post(address, {"passkey": nonsense})
            assert answer.status_code == 400
            assert "This passkey did not let you in" in answer.text
