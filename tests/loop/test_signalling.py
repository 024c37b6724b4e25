"""From a signal that comes in to what follows: an alert that is told, or people there asked."""

from datetime import timedelta
from decimal import Decimal

import pytest

from partnerloop.alerts.limiting import Limiting, set_limit
from partnerloop.alerts.models import Alert, Crossing
from partnerloop.core.models import Event
from partnerloop.loop import schedule, signalling
from partnerloop.loop.occasions import Listening, ask_waiting, listen
from partnerloop.loop.signalling import look_at_signals
from partnerloop.loop.worker import react
from partnerloop.partners.models import LifecycleEvent
from partnerloop.partners.reporting import Known, Measured, keep_signals
from partnerloop.planning.models import WaitingAsk
from partnerloop.pulses.models import Invitation
from tests.world import MONDAY, World

DAY = timedelta(days=1)


def limit(world: World, *, then: str, side: str = "above", number: int = 5):
    wanted = Limiting("registration_days", "mean", 30, side, Decimal(number), then)
    return set_limit(wanted, by=world.priya, at=MONDAY)


def report(world: World, *values: int) -> None:
    birk = Known(number=world.partners["Birk"].pk)
    told = [
        Measured("registration_days", birk, MONDAY - (place + 1) * DAY, Decimal(value))
        for place, value in enumerate(values)
    ]
    keep_signals(world.program, told, at=MONDAY)


def work(at=MONDAY) -> None:
    """Do what stands in the outbox, as the worker does."""
    for event in Event.objects.filter(finished_at=None, kind="signals.kept"):
        react(event, at=at)


def test_a_signal_that_comes_in_opens_an_alert_that_is_told(world: World) -> None:
    limit(world, then="alert")
    report(world, 4, 9)
    work()
    alert = Alert.objects.of(world.program).get()
    assert (alert.kind, alert.partner.name, alert.crossing.value) == ("signal", "Birk", 6.5)
    assert Event.objects.get(kind="alert.opened").payload == {"alert": str(alert.pk)}


def test_the_event_replayed_doubles_nothing(world: World) -> None:
    limit(world, then="alert")
    report(world, 9)
    work()
    work(MONDAY + timedelta(hours=1))
    look_at_signals(world.program, MONDAY + DAY)
    assert Alert.objects.of(world.program).count() == 1
    assert Event.objects.filter(kind="alert.opened").count() == 1


def test_a_worker_killed_in_between_leaves_no_half(world: World, monkeypatch) -> None:
    limit(world, then="pulse")
    report(world, 9)

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(signalling, "happened", killed)
        with pytest.raises(KeyboardInterrupt):
            look_at_signals(world.program, MONDAY)
    assert not Crossing.objects.of(world.program).exists()
    look_at_signals(world.program, MONDAY)
    assert LifecycleEvent.objects.of(world.program).count() == 1


def test_a_crossing_asks_people_there_by_name_with_its_reason(world: World) -> None:
    set_by = limit(world, then="pulse")
    listen(
        Listening("Slow registrations", set_by.event, 0, ["event_sell"]), by=world.priya, at=MONDAY
    )
    report(world, 9)
    work()
    work()
    waiting = WaitingAsk.objects.of(world.program).get()
    assert waiting.partner.name == "Birk"
    assert not Alert.objects.of(world.program).exists()
    ask_waiting(world.program, MONDAY + timedelta(hours=3))
    asked = Invitation.objects.of(world.program).get()
    assert (asked.reason, asked.partner.name) == ("after_event", "Birk")
    assert asked.pulse.modes == ["named"]


def test_the_calendar_notices_what_stays_away(world: World) -> None:
    set_limit(
        Limiting("registration_days", "sum", 30, "below", Decimal(1), "alert"),
        by=world.priya,
        at=MONDAY,
    )
    report(world, 4)
    work()
    assert not Alert.objects.of(world.program).exists()
    schedule.run_due(at=MONDAY + 20 * DAY)
    assert not Alert.objects.of(world.program).exists()
    schedule.run_due(at=MONDAY + 31 * DAY)
    assert Alert.objects.of(world.program).get().opened_on == (MONDAY + 31 * DAY).date()
