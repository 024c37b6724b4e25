"""The queue: leased once, given back, replayed after a crash, never twice."""

from datetime import UTC, datetime, timedelta

import pytest

from partnerloop.core import outbox
from partnerloop.core.models import Event, LiveTopic

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def publish(key: str) -> None:
    outbox.publish(outbox.Happening(kind="test.happened", key=key), at=NOON)


def test_the_same_happening_is_kept_once():
    publish("one")
    publish("one")
    assert Event.objects.count() == 1


def test_two_workers_never_hold_the_same_row():
    for number in range(5):
        publish(str(number))
    first = outbox.lease(Event, worker="a", at=NOON, limit=3)
    second = outbox.lease(Event, worker="b", at=NOON, limit=3)
    assert len(first) == 3
    assert len(second) == 2
    assert {row.pk for row in first}.isdisjoint({row.pk for row in second})


def test_a_dead_workers_rows_come_back_when_the_lease_ends():
    publish("one")
    (held,) = outbox.lease(Event, worker="a", at=NOON, limit=3)
    assert outbox.lease(Event, worker="b", at=NOON + outbox.LEASE / 2, limit=3) == []
    (again,) = outbox.lease(Event, worker="b", at=NOON + outbox.LEASE * 1.1, limit=3)
    assert again.pk == held.pk
    assert again.attempts == 2


def test_finished_work_is_not_leased_again():
    publish("one")
    rows = outbox.lease(Event, worker="a", at=NOON, limit=3)
    outbox.finish(rows, at=NOON)
    assert outbox.lease(Event, worker="a", at=NOON + timedelta(days=2), limit=3) == []


def test_failed_work_waits_longer_each_time_and_rests_in_the_end():
    publish("one")
    at, waits = NOON, []
    for _ in range(outbox.MAX_ATTEMPTS):
        (row,) = outbox.lease(Event, worker="a", at=at, limit=1)
        outbox.give_back(row, at=at, reason="the mail server was away")
        kept = Event.objects.get()
        waits.append(kept.available_at - at)
        at = kept.available_at
    assert waits[0] < waits[1] < waits[2]
    assert max(waits) <= timedelta(hours=6)
    assert kept.finished_at is not None
    assert kept.failure == "the mail server was away"


def test_live_topics_count_up_and_carry_no_figure():
    outbox.touch(7, "today", "inbox")
    outbox.touch(7, "today")
    counters = dict(LiveTopic.objects.values_list("topic", "counter"))
    assert counters == {"today": 2, "inbox": 1}
