"""Webhooks to a real server: signed, retried, never redirected, never to a private address."""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core import clock
from partnerloop.core.models import AuditEntry, Message
from partnerloop.integrations.models import EventType, WebhookDelivery, WebhookEndpoint
from partnerloop.integrations.webhook import endpoints
from partnerloop.integrations.webhook.endpoints import AddressRefused, add
from partnerloop.integrations.webhook.queueing import News, forget_deliveries, replay, tell
from partnerloop.integrations.webhook.sending import JITTER, WAITS, deliver_waiting
from tests.integrations.hook_server import Receiver, receiving
from tests.world import MONDAY, World, make_world

BOTH = list(EventType.values)


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.PARTNERLOOP_WEBHOOK_ALLOWED_HOSTS = frozenset({"127.0.0.1"})
    with receiving() as one:
        yield one


def news(key: str = "alert.opened:1", kind: EventType = EventType.ALERT_OPENED) -> News:
    return News(kind, key, {"alert_id": "1"}, MONDAY)


def send(at: datetime = MONDAY) -> int:
    return deliver_waiting("worker-1", at=at, limit=20, rng=random.Random(7))


def the_delivery(world: World) -> WebhookDelivery:
    return WebhookDelivery.objects.of(world.program).get()


def the_endpoint(world: World) -> WebhookEndpoint:
    return WebhookEndpoint.objects.of(world.program).get()


def told(world: World, url: str, *, at: datetime = MONDAY) -> str:
    """Add an endpoint and queue one message; return the secret."""
    added = add(url, events=BOTH, by=world.priya, at=at)
    tell(world.program, news(), at=at)
    return added.secret


def test_a_message_is_signed_so_that_the_standard_s_own_verifier_takes_it(world, receiver) -> None:
    now = clock.now()
    secret = told(world, receiver.url, at=now)
    assert send(now) == 1
    [got] = receiver.got
    assert Webhook(secret).verify(got.body, got.headers)["data"] == {"alert_id": "1"}
    assert json.loads(got.body)["type"] == "alert.opened"
    assert got.headers["webhook-id"] == str(the_delivery(world).pk)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(got.body + b" ", got.headers)


def test_each_endpoint_has_a_secret_of_its_own_that_is_stored_sealed(world, receiver) -> None:
    first, second = (add(receiver.url, events=BOTH, by=world.priya, at=MONDAY) for _ in "ab")
    assert first.secret != second.secret
    assert first.secret not in first.endpoint.secret_sealed
    assert first.secret.startswith("whsec_")


def test_a_delivered_message_is_not_sent_again(world, receiver) -> None:
    told(world, receiver.url)
    send()
    assert send(MONDAY + timedelta(days=2)) == 0
    assert (the_delivery(world).status, the_delivery(world).delivered_at) == (204, MONDAY)


def test_the_same_event_is_told_once_however_often_its_reaction_runs(world, receiver) -> None:
    told(world, receiver.url)
    tell(world.program, news(), at=MONDAY)
    assert send() == 1


def test_an_endpoint_hears_only_what_it_asked_for(world, receiver) -> None:
    add(receiver.url, events=["feedback.answered"], by=world.priya, at=MONDAY)
    tell(world.program, news(), at=MONDAY)
    tell(world.program, news("feedback.answered:1", EventType.FEEDBACK_ANSWERED), at=MONDAY)
    assert send() == 1


def test_another_program_is_told_nothing(world, receiver) -> None:
    theirs = make_world("contoso")
    add(receiver.url, events=BOTH, by=theirs.priya, at=MONDAY)
    tell(world.program, news(), at=MONDAY)
    assert send() == 0


def test_a_failure_is_tried_ten_times_later_and_later_then_the_endpoint_stops(
    world, receiver
) -> None:
    told(world, receiver.url)
    receiver.status, at, waits = 500, MONDAY, []
    for _ in WAITS:
        assert send(at) == 1
        row = the_delivery(world)
        assert send(max(at, row.available_at - timedelta(milliseconds=1))) == 0
        waits.append(row.available_at - at)
        at = row.available_at
    assert len(receiver.got) == len(WAITS) == 10
    for waited, least in zip(waits[:-1], WAITS[1:], strict=True):
        assert least <= waited <= least * (1 + JITTER)
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert the_delivery(world).finished_at is not None
    assert "It answered 500" in the_endpoint(world).disabled_why


def test_a_retry_that_is_taken_ends_the_matter(world, receiver) -> None:
    told(world, receiver.url)
    receiver.status = 503
    send()
    assert the_delivery(world).failure == "It answered 503."
    receiver.status = 200
    send(MONDAY + timedelta(seconds=10))
    row = the_delivery(world)
    assert (row.status, row.failure, row.attempts) == (200, "", 2)


def test_an_endpoint_that_hears_others_is_not_stopped_by_one_message(world, receiver) -> None:
    told(world, receiver.url)
    WebhookDelivery.objects.of(world.program).update(attempts=9)
    tell(world.program, news("alert.opened:2"), at=MONDAY)
    WebhookDelivery.objects.of(world.program).filter(key="alert.opened:2").update(
        finished_at=MONDAY, delivered_at=MONDAY
    )
    receiver.status = 500
    send()
    assert the_endpoint(world).disabled_at is None


def test_the_wait_that_the_other_side_asks_for_is_kept(world, receiver) -> None:
    told(world, receiver.url)
    receiver.status, receiver.extra = 429, {"Retry-After": "3600"}
    send()
    assert the_delivery(world).available_at == MONDAY + timedelta(hours=1)


@pytest.mark.parametrize("asked", ["soon", "-5", "99999999999999", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_wait_that_can_t_be_meant_is_not(world, receiver, asked) -> None:
    told(world, receiver.url)
    receiver.status, receiver.extra = 429, {"Retry-After": asked}
    send()
    assert the_delivery(world).available_at <= MONDAY + timedelta(seconds=6)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(world, receiver, status) -> None:
    told(world, receiver.url)
    receiver.status, receiver.extra = status, {"Location": receiver.url.replace("hook", "else")}
    send()
    assert [got.path for got in receiver.got] == ["/hook"]
    assert "redirects are not followed" in the_delivery(world).failure


def test_who_answers_410_is_left_alone(world, receiver) -> None:
    told(world, receiver.url)
    receiver.status = 410
    send()
    assert "410" in the_endpoint(world).disabled_why
    tell(world.program, news("alert.opened:2"), at=MONDAY)
    assert send(MONDAY + timedelta(days=1)) == 0


def test_owners_hear_once_by_mail_that_a_webhook_stopped(world, receiver) -> None:
    user = User.objects.create_user("olga@northwind.example", name="Olga", at=MONDAY)
    Membership.objects.create(
        program=world.program, user=user, role=Role.OWNER, since=MONDAY.date()
    )
    told(world, receiver.url)
    tell(world.program, news("alert.opened:2"), at=MONDAY)
    receiver.status = 410
    send()
    send(MONDAY + timedelta(days=1))
    mail = Message.objects.get()
    assert (mail.to, mail.purpose) == ("olga@northwind.example", "notice")
    assert mail.subject == "The webhook at 127.0.0.1 stopped"
    assert "It answered 410" in mail.text
    assert f"/settings/connections/webhooks/{the_endpoint(world).pk}/" in mail.text
    assert AuditEntry.objects.get(action="webhook.stopped").actor == "system"


def test_without_an_owner_the_channel_chiefs_hear_of_it(world, receiver) -> None:
    told(world, receiver.url)
    receiver.status = 410
    send()
    assert Message.objects.get().to == "priya@northwind.example"


def test_who_pauses_a_webhook_needs_no_mail(world, receiver) -> None:
    told(world, receiver.url)
    endpoints.pause(the_endpoint(world), by=world.priya, at=MONDAY)
    assert not Message.objects.exists()


def test_a_private_address_is_refused_unless_the_operator_allows_it(
    world, receiver, settings
) -> None:
    told(world, receiver.url)
    settings.PARTNERLOOP_WEBHOOK_ALLOWED_HOSTS = frozenset()
    send()
    assert receiver.got == []
    assert "private or reserved" in the_delivery(world).failure


@pytest.mark.parametrize(
    "host",
    ["localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "169.254.169.254", "10.0.0.1"],
)
def test_no_spelling_of_a_private_address_gets_through(world, host) -> None:
    told(world, f"https://{host}/hook")
    send()
    assert "private or reserved" in the_delivery(world).failure


def test_a_proxy_of_the_environment_is_no_way_round(world, receiver, settings, monkeypatch) -> None:
    told(world, receiver.url)
    settings.PARTNERLOOP_WEBHOOK_ALLOWED_HOSTS = frozenset()
    monkeypatch.setenv("http_proxy", receiver.url.removesuffix("/hook"))
    send()
    assert receiver.got == []


def test_nobody_at_home_is_said_and_tried_again(world, receiver) -> None:
    told(world, "http://127.0.0.1:1/hook")
    send()
    row = the_delivery(world)
    assert "No connection" in row.failure
    assert row.finished_at is None


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/x",
        "ftp://hooks.example.com",
        "https://",
        "https://user:word@hooks.example.com",
        "https://hooks.example.com:port",
        "https://[::1",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_can_t_be_told_is_refused_at_once(world, url) -> None:
    with pytest.raises(AddressRefused):
        add(url, events=BOTH, by=world.priya, at=MONDAY)


def test_a_message_can_be_sent_again_under_its_old_id(world, receiver) -> None:
    told(world, receiver.url)
    send()
    replay(the_delivery(world), by=world.priya, at=MONDAY + timedelta(hours=1))
    assert send(MONDAY + timedelta(hours=1)) == 1
    first, again = receiver.got
    assert first.headers["webhook-id"] == again.headers["webhook-id"]


def test_a_paused_endpoint_hears_later_what_waited(world, receiver) -> None:
    told(world, receiver.url)
    endpoints.pause(the_endpoint(world), by=world.priya, at=MONDAY)
    assert send() == 0
    endpoints.resume(the_endpoint(world), by=world.priya, at=MONDAY)
    assert send() == 1


def test_after_one_failure_the_others_of_an_endpoint_wait_and_lose_no_try(world, receiver) -> None:
    told(world, receiver.url)
    tell(world.program, news("alert.opened:2"), at=MONDAY)
    receiver.status = 500
    assert send() == 2
    assert len(receiver.got) == 1
    attempts = WebhookDelivery.objects.of(world.program).values_list("attempts", flat=True)
    assert sorted(attempts) == [0, 1]


def test_two_workers_do_not_send_the_same(world, receiver) -> None:
    told(world, receiver.url)
    WebhookDelivery.objects.of(world.program).update(
        leased_by="worker-2", leased_until=MONDAY + timedelta(seconds=60)
    )
    assert send() == 0
    assert send(MONDAY + timedelta(seconds=61)) == 1  # it died


def test_a_month_later_nothing_is_left(world, receiver) -> None:
    told(world, receiver.url)
    send()
    forget_deliveries(world.program, at=MONDAY + timedelta(days=29))
    assert the_delivery(world)
    forget_deliveries(world.program, at=MONDAY + timedelta(days=31))
    assert not WebhookDelivery.objects.of(world.program).exists()
