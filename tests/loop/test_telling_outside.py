"""Endpoints hear of what members did and what figures show; of unnamed arrivals never."""

import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest

from partnerloop.actions.answering import answer
from partnerloop.actions.opening import open_items
from partnerloop.alerts.models import Alert
from partnerloop.core import clock, outbox
from partnerloop.core.models import Event
from partnerloop.integrations.models import EventType, WebhookDelivery
from partnerloop.integrations.webhook.endpoints import add
from partnerloop.loop import noticing
from partnerloop.loop.receiving import receive
from partnerloop.loop.worker import react, tell_outside
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Wording
from partnerloop.release.models import ReleasedComment
from partnerloop.responses.accepted import Submission
from tests.integrations.hook_server import receiving
from tests.world import MONDAY, World

HOOK = "https://hooks.northwind.example/in"


def work_through() -> None:
    while events := outbox.lease(Event, worker="test", at=MONDAY, limit=50):
        for event in events:
            react(event, at=MONDAY)


def told(world: World) -> list[dict]:
    rows = WebhookDelivery.objects.of(world.program).order_by("created_at")
    return [json.loads(body) for body in rows.values_list("body", flat=True)]


@pytest.fixture
def listening(world: World) -> World:
    add(HOOK, events=list(EventType.values), by=world.priya, at=MONDAY)
    return world


def unnamed_item(world: World):
    comment = ReleasedComment.objects.create(
        program=world.program,
        comment_id=uuid4(),
        text="Deal desk is slow.",
        week=MONDAY.date(),
        released_at=MONDAY,
        label="one of your partners",
    )
    return open_items(world.program, [comment], at=MONDAY)[0]


def test_an_answer_of_a_member_is_told_without_its_words(listening) -> None:
    item = unnamed_item(listening)
    answer(item, "We hired two people.", by=listening.priya, at=MONDAY)
    work_through()
    assert told(listening) == [
        {
            "type": "feedback.answered",
            "timestamp": MONDAY.isoformat(),
            "data": {"feedback_id": str(item.pk), "state": "answered"},
        }
    ]


def test_an_opened_alert_is_told_once(listening, monkeypatch) -> None:
    alert = Alert.objects.create(
        program=listening.program,
        partner=listening.partners["Birk"],
        measure="partnerscore",
        kind=Alert.Kind.DROP,
        opened_on=MONDAY.date(),
        before_on=MONDAY.date() - timedelta(days=14),
        strength=3.0,
    )
    monkeypatch.setattr(noticing, "watch", lambda *_given, **_named: [alert])
    for _ in "ab":
        noticing.notice(listening.program, at=MONDAY)
        work_through()
    [message] = told(listening)
    assert message["data"] == {
        "alert_id": str(alert.pk),
        "partner_id": listening.partners["Birk"].pk,
        "measure": "partnerscore",
        "kind": "drop",
        "opened_on": "2026-11-23",
    }


def test_a_confidential_answer_with_a_comment_tells_nobody(listening) -> None:
    pulse = listening.pulse(
        launched_at=MONDAY - timedelta(days=1),
        closes_at=MONDAY + timedelta(days=27),
        modes=["named", "confidential"],
    )
    words = {
        wording.question.key: wording.pk
        for wording in Wording.objects.of(listening.program)
        .filter(language="en")
        .select_related("question")
    }
    rated = next(key for key in words if "_open_" not in key)
    asked = (rated, "communication_open_low")
    invitation = listening.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=asked)
    submission = Submission(
        ratings={words[rated]: 1},
        words={words["communication_open_low"]: "Deal desk is slow."},
        mode=Mode.CONFIDENTIAL,
    )
    receive(invitation, submission, at=MONDAY)
    assert Event.objects.filter(kind="response.received").exists()
    work_through()
    assert told(listening) == []


def test_nothing_is_queued_where_nobody_listens(world) -> None:
    answer(unnamed_item(world), "We hired two people.", by=world.priya, at=MONDAY)
    work_through()
    assert told(world) == []


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_on_a_thread_of_its_own_and_stops_when_told(
    settings, world, monkeypatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    settings.PARTNERLOOP_WEBHOOK_ALLOWED_HOSTS = frozenset({"127.0.0.1"})
    with receiving() as receiver:
        add(receiver.url, events=list(EventType.values), by=world.priya, at=clock.now())
        answer(unnamed_item(world), "We hired two people.", by=world.priya, at=MONDAY)
        work_through()
        stop = threading.Event()
        thread = threading.Thread(target=tell_outside, args=("worker-1", stop))
        thread.start()
        receiver.came.wait(20)
        stop.set()
        thread.join(20)
        assert not thread.is_alive()
        assert [got.path for got in receiver.got] == ["/hook"]
