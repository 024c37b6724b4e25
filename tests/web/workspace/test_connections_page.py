"""Keys are made and ended on their page; the secret is on one answer and on no other."""

import pytest

from partnerloop.accounts.models import Role
from partnerloop.integrations.keys.checking import KeyRefused, checked
from partnerloop.integrations.models import ApiKey
from tests.web.conftest import NOW

KEY = {
    "part": "key",
    "key-name": "Warehouse",
    "key-scopes": ["partners:read", "feedback:read"],
    "key-days": "30",
}


def shown_secret(answer) -> str:
    return answer.context["issued"].secret


def test_a_key_is_made_and_its_secret_is_shown_once(pages, chief) -> None:
    made = chief.post(pages.url("settings/connections/"), KEY)
    secret = shown_secret(made)
    assert secret in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    key = checked(secret, at=NOW)
    assert key.scopes == ["partners:read", "feedback:read"]
    later = chief.get(pages.url("settings/connections/")).content.decode()
    assert key.prefix in later
    assert secret not in later


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"key-name": " "}, "Say what the key is for."),
        ({"key-scopes": []}, "Tick at least one thing"),
        ({"key-scopes": ["all"]}, "is not one of the available choices"),
        ({"key-days": "9999"}, "is not one of the available choices"),
    ],
)
def test_what_is_missing_is_said(pages, chief, wrong, says) -> None:
    refused = chief.post(pages.url("settings/connections/"), {**KEY, **wrong})
    assert refused.status_code == 400
    assert says in refused.content.decode()
    assert not ApiKey.objects.of(pages.world.program).exists()


def test_a_post_that_names_no_part_makes_nothing(pages, chief) -> None:
    assert chief.post(pages.url("settings/connections/"), {}).status_code == 400


def test_a_revoked_key_opens_nothing_and_stays_in_the_list(pages, chief) -> None:
    secret = shown_secret(chief.post(pages.url("settings/connections/"), KEY))
    key = ApiKey.objects.of(pages.world.program).get()
    chief.post(pages.url(f"settings/connections/keys/{key.pk}/"))
    with pytest.raises(KeyRefused):
        checked(secret, at=NOW)
    assert "Revoked" in chief.get(pages.url("settings/connections/")).content.decode()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LEAD, Role.EXECUTIVE])
def test_others_than_owner_and_chief_are_refused(pages, role) -> None:
    other = pages.as_member(pages.member("Olga", role))
    assert other.get(pages.url("settings/connections/")).status_code == 403
    assert other.post(pages.url("settings/connections/"), KEY).status_code == 403
    assert not ApiKey.objects.of(pages.world.program).exists()


def test_the_settings_lead_there(pages, chief) -> None:
    page = chief.get(pages.url("settings/")).content.decode()
    assert pages.url("settings/connections/") in page
