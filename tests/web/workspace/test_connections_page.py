"""Keys are made and ended on their page; the secret is on one answer and on no other."""

import pytest
from django.utils.html import escape

from partnerloop.accounts.models import Role
from partnerloop.integrations.keys.checking import KeyRefused, checked
from partnerloop.integrations.models import ApiKey, WebhookDelivery, WebhookEndpoint
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


HOOK = {
    "part": "hook",
    "hook-url": "https://hooks.northwind.example/in",
    "hook-events": ["feedback.answered"],
}


def the_endpoint(pages) -> WebhookEndpoint:
    return WebhookEndpoint.objects.of(pages.world.program).get()


def hook_url(pages, step: str = "") -> str:
    return pages.url(f"settings/connections/webhooks/{the_endpoint(pages).pk}/{step}")


def delivery(pages, **changes: object) -> WebhookDelivery:
    given = {"key": "e1", "event_type": "feedback.answered", "body": "{}", "created_at": NOW}
    return WebhookDelivery.objects.create(
        program=pages.world.program,
        endpoint=the_endpoint(pages),
        available_at=NOW,
        **{**given, **changes},
    )


def test_a_webhook_is_added_and_its_secret_is_shown_once(pages, chief) -> None:
    made = chief.post(pages.url("settings/connections/"), HOOK)
    secret = made.context["added"].secret
    assert "no-store" in made["Cache-Control"]
    assert escape(secret) in made.content.decode()
    for path in ("settings/connections/", hook_url(pages).removeprefix(pages.url())):
        page = chief.get(pages.url(path)).content.decode()
        assert "https://hooks.northwind.example/in" in page
        assert secret not in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"hook-url": ""}, "Say where to send."),
        ({"hook-url": "hooks.northwind.example"}, "This is not a whole address"),
        ({"hook-url": "http://hooks.northwind.example"}, "Use https"),
        ({"hook-events": []}, "Tick at least one event."),
    ],
)
def test_a_webhook_that_can_t_be_told_is_refused(pages, chief, wrong, says) -> None:
    refused = chief.post(pages.url("settings/connections/"), {**HOOK, **wrong})
    assert refused.status_code == 400
    assert says in refused.content.decode()
    assert not WebhookEndpoint.objects.of(pages.world.program).exists()


def test_a_webhook_is_paused_resumed_and_removed(pages, chief) -> None:
    chief.post(pages.url("settings/connections/"), HOOK)
    chief.post(hook_url(pages, "pause/"))
    assert "Paused by a member." in chief.get(hook_url(pages)).content.decode()
    chief.post(hook_url(pages, "resume/"))
    assert the_endpoint(pages).disabled_at is None
    assert chief.post(hook_url(pages, "explode/")).status_code == 404
    chief.post(hook_url(pages, "remove/"))
    assert not WebhookEndpoint.objects.of(pages.world.program).exists()


def test_what_failed_says_why_and_can_be_sent_again(pages, chief) -> None:
    chief.post(pages.url("settings/connections/"), HOOK)
    row = delivery(pages, finished_at=NOW, failure="It answered 500.", attempts=10)
    page = chief.get(hook_url(pages)).content.decode()
    assert "It answered 500." in page
    assert "Send again" in page
    chief.post(pages.url(f"settings/connections/deliveries/{row.pk}/"))
    row = WebhookDelivery.objects.of(pages.world.program).get()
    assert (row.finished_at, row.attempts, row.failure) == (None, 0, "")


def test_a_manager_neither_sees_nor_moves_a_webhook(pages, chief) -> None:
    chief.post(pages.url("settings/connections/"), HOOK)
    other = pages.as_member(pages.member("Olga", Role.MANAGER))
    assert other.get(hook_url(pages)).status_code == 403
    assert other.post(hook_url(pages, "remove/")).status_code == 403
    assert the_endpoint(pages)
