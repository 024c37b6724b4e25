"""Work of more than a moment: it renews its lease, comes back after a failure, holds no lock."""

from datetime import timedelta

import pytest
from django.db import connection

from partnerloop.core import outbox
from partnerloop.core.models import Event
from partnerloop.core.outbox import Happening
from partnerloop.loop.worker import react_at_length, work_once
from tests.world import MONDAY, make_world

SOON = MONDAY + timedelta(seconds=50)


def lease_one() -> Event:
    outbox.publish(Happening("import.confirmed", "one", 1, {}), at=MONDAY)
    (event,) = outbox.lease(Event, worker="w1", at=MONDAY, limit=10)
    return event


@pytest.mark.django_db
def test_a_renewed_lease_keeps_others_away_for_longer() -> None:
    event = lease_one()
    outbox.renew([event], at=SOON)
    later = MONDAY + outbox.LEASE + timedelta(seconds=1)
    assert outbox.lease(Event, worker="w2", at=later, limit=10) == []
    much_later = SOON + outbox.LEASE + timedelta(seconds=1)
    assert len(outbox.lease(Event, worker="w2", at=much_later, limit=10)) == 1


@pytest.mark.django_db
def test_work_that_fails_comes_back_with_its_reason(caplog) -> None:
    react_at_length(lease_one(), beat=lambda: None, now=lambda: MONDAY)
    event = Event.objects.get()
    assert event.finished_at is None
    assert event.available_at > MONDAY
    assert "DoesNotExist" in event.failure  # there is no such program


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_gone_is_finished_outside_of_any_transaction() -> None:
    program = make_world().program
    gone = {"run": "00000000-0000-4000-8000-000000000000"}
    outbox.publish(Happening("import.mapped", "gone", program.pk, gone), at=MONDAY)
    work_once("w1", now=lambda: MONDAY)
    assert Event.objects.get(key="gone").finished_at == MONDAY
    assert not connection.in_atomic_block
