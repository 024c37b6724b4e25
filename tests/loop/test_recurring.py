"""Standing pulses: a round when its day has come, never more than the contact budget allows."""

from datetime import timedelta
from itertools import pairwise

import pytest

from partnerloop.core.models import AuditEntry
from partnerloop.loop.asking import launch
from partnerloop.loop.recurring import ask_again, next_day, stop_repeating
from partnerloop.pulses.models import Invitation, Pulse
from tests.world import MONDAY, World

MONTH = timedelta(days=31)


@pytest.fixture
def standing(world: World) -> Pulse:
    pulse = world.pulse("Monthly", every_days=31, questions=["touch_portal"])
    launch(pulse, by=world.priya, at=MONDAY)
    pulse.refresh_from_db()
    return pulse


def rounds(world: World) -> list[Pulse]:
    return list(Pulse.objects.of(world.program).filter(first_round__isnull=False).order_by("pk"))


def test_nothing_is_asked_before_its_day(world: World, standing: Pulse) -> None:
    ask_again(world.program, MONDAY + timedelta(days=30))
    assert rounds(world) == []


def test_a_round_asks_the_same_of_a_new_draw_and_only_once(world: World, standing: Pulse) -> None:
    assert next_day(standing) == (MONDAY + MONTH).date()
    for hour in (0, 1, 25):
        ask_again(world.program, MONDAY + MONTH + timedelta(hours=hour))
    [second] = rounds(world)
    assert second.launched_at == MONDAY + MONTH
    assert (second.questions, second.modes) == (standing.questions, standing.modes)
    assert second.seed != standing.seed
    assert second.every_days is None
    assert Invitation.objects.of(world.program).filter(pulse=second).count() == 7
    assert AuditEntry.objects.filter(action="pulse.launched", actor="system").count() == 1


def test_a_round_waits_while_nobody_may_be_asked(world: World, standing: Pulse) -> None:
    other = world.pulse("Between")
    launch(other, by=world.priya, at=MONDAY + timedelta(days=25))
    ask_again(world.program, MONDAY + MONTH)
    assert rounds(world) == []  # everybody was asked six days ago, and no empty pulse stays
    ask_again(world.program, MONDAY + timedelta(days=39))
    assert len(rounds(world)) == 1


def test_nobody_is_ever_asked_above_the_budget_in_a_year(world: World) -> None:
    """Fatigue, small: three standing pulses at once, a year long."""
    for number, days in enumerate((14, 31, 31)):
        pulse = world.pulse(f"Standing {number}", every_days=days)
        launch(pulse, by=world.priya, at=MONDAY + timedelta(days=14 * number))
    for day in range(30, 395):
        ask_again(world.program, MONDAY + timedelta(days=day))
    for contact in world.people.values():
        asks = Invitation.objects.of(world.program).filter(contact=contact).order_by("asked_at")
        days = [asked.date() for asked in asks.values_list("asked_at", flat=True)]
        gaps = [(later - earlier).days for earlier, later in pairwise(days)]
        assert min(gaps) >= world.program.asks_every_days
        for first in days:
            year = [day for day in days if first <= day < first + timedelta(days=365)]
            assert len(year) <= world.program.asks_a_year
        assert len(days) >= 12


def test_what_was_stopped_is_not_asked_again(world: World, standing: Pulse) -> None:
    stop_repeating(standing, by=world.priya, at=MONDAY)
    ask_again(world.program, MONDAY + MONTH)
    assert rounds(world) == []
