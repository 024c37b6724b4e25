"""The program's trend is one kept row a week, equal to what the gate would have said then."""

from datetime import timedelta

import pytest

from partnerloop.core.clock import week_of
from partnerloop.release.figures import figures
from partnerloop.release.gate import Figure, Scope
from partnerloop.release.models import ProgramWeek
from partnerloop.release.remembering import remember
from partnerloop.release.trends import trend
from partnerloop.scores.refresh import advance, snapshot
from tests.world import MONDAY, World, make_world

WEEK = timedelta(weeks=1)
NAMES = ("Ana Keller", "Ben Okafor", "Eva Lind", "Finn Berg", "Gita Rao")


@pytest.fixture
def heard(world: World, speak) -> World:
    for name in NAMES:
        speak(name, 6, 5, 4, at=MONDAY)
    return world


def keep(world: World, at) -> None:
    advance(world.program, at=at)
    snapshot(world.program, week=week_of(at.date()))
    remember(world.program)


def points(world: World, measure: str, at):
    return trend(world.program, by=world.priya, scope=Scope.program(), measure=measure, at=at)


def test_each_week_is_kept_as_the_gate_told_it(heard) -> None:
    keep(heard, MONDAY + WEEK)
    now = figures(heard.program, by=heard.priya, scope=Scope.program(), at=MONDAY + WEEK)
    kept = points(heard, "partnerscore", MONDAY + WEEK)
    own = now["partnerscore"]
    assert isinstance(own, Figure)
    assert [(p.week, p.mean, p.low, p.high) for p in kept] == [
        ((MONDAY + WEEK).date(), own.mean, own.low, own.high)
    ]


def test_what_could_not_be_shown_in_its_week_is_not_kept(world, speak) -> None:
    speak("Ana Keller", 6, 5, 4)
    keep(world, MONDAY + WEEK)
    assert points(world, "partnerscore", MONDAY + WEEK) == []
    assert ProgramWeek.objects.of(world.program).get().figures == {}


def test_a_week_is_kept_once_and_never_rewritten(heard, speak) -> None:
    keep(heard, MONDAY + WEEK)
    before = points(heard, "partnerscore", MONDAY + 2 * WEEK)
    speak("Claire Dubois", 0, 0, 10, at=MONDAY + WEEK + timedelta(days=1))
    remember(heard.program)
    assert points(heard, "partnerscore", MONDAY + 2 * WEEK) == before


def test_weeks_that_were_missed_are_made_up_for(heard) -> None:
    for number in (1, 2, 3):
        advance(heard.program, at=MONDAY + number * WEEK)
        snapshot(heard.program, week=week_of((MONDAY + number * WEEK).date()))
    remember(heard.program)
    assert len(points(heard, "partnerscore", MONDAY + 4 * WEEK)) == 3


def test_a_year_is_shown_and_no_more(heard) -> None:
    keep(heard, MONDAY)
    assert len(points(heard, "partnerscore", MONDAY + timedelta(days=364))) == 1
    assert points(heard, "partnerscore", MONDAY + timedelta(days=365)) == []


def test_programs_keep_their_own_weeks(heard) -> None:
    other = make_world("contoso")
    keep(heard, MONDAY + WEEK)
    assert not ProgramWeek.objects.of(other.program).exists()
