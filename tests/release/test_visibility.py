"""How much a program sees, by number of contacts: from ledger, names and public facts alone."""

from datetime import timedelta

import pytest

from partnerloop.core.clock import week_of
from partnerloop.evidence.models import PendingAnswer
from partnerloop.evidence.tick import tick
from partnerloop.programs.models import Mode
from partnerloop.release.visibility import SizeRow, Visibility, habits_of, visibility
from partnerloop.scores.refresh import rebuild
from tests.world import MONDAY, World, company

pytestmark = pytest.mark.django_db
NEXT = MONDAY + timedelta(weeks=1)


def row(told: Visibility, label: str) -> SizeRow:
    return next(one for one in told.rows if one.label.split()[0] == label)


def test_before_anybody_answered_it_tells_what_to_expect_only(world: World) -> None:
    told = visibility(world.program, at=MONDAY)
    assert not told.has_answers
    assert not told.has_delays
    assert [(one.label.split()[0], one.companies) for one in told.rows] == [
        ("1", 1),
        ("2", 1),
        ("4", 1),
    ]
    assert row(told, "1").expected.batch == 0
    assert row(told, "4").expected.batch > 0.3
    assert row(told, "1").if_named.own > row(told, "1").expected.own
    assert told.total.companies == 3


def test_companies_that_nobody_may_speak_for_are_counted_apart(world: World) -> None:
    company(world, "Dell & Co", {"type": "reseller"})
    told = visibility(world.program, at=MONDAY)
    assert row(told, "0").companies == 1
    assert row(told, "0").expected.own == 0


def test_it_tells_named_figures_and_batches_apart(world: World, speak) -> None:
    speak("Gita Rao", 6, 7, 8, at=MONDAY)
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois"):
        speak(name, 6, 7, 8, mode=Mode.CONFIDENTIAL, at=MONDAY - timedelta(days=3))
    tick(world.program, week=week_of(MONDAY.date()), key=b"k")
    rebuild(world.program, at=NEXT)
    told = visibility(world.program, at=NEXT)
    assert told.has_answers
    one, two, four = (row(told, size).seen for size in ("1", "2", "4"))
    assert one
    assert two
    assert four
    assert (one.own, one.batch, one.age) == (1, 0, None)
    assert (two.own, two.batch, two.range) == (0, 0, None)
    assert (four.own, four.batch, four.age) == (1, 1, 1)
    assert one.range is not None
    assert one.range_after is not None
    assert one.range_after < one.range
    assert not told.has_delays


def test_delays_come_once_answers_came_in_for_half_a_year(world: World, speak) -> None:
    for weeks in range(40, 0, -2):
        speak("Gita Rao", 6, 7, 8, at=MONDAY - timedelta(weeks=weeks))
    rebuild(world.program, at=MONDAY)
    told = visibility(world.program, at=MONDAY)
    assert told.has_delays
    one, two = row(told, "1").seen, row(told, "2").seen
    assert one
    assert two
    assert (one.soon, one.later) == (1, 1)
    assert (two.soon, two.later) == (0, 0)


def test_answers_that_wait_change_nothing(world: World, speak) -> None:
    speak("Gita Rao", 6, 7, 8, at=MONDAY)
    before = visibility(world.program, at=NEXT)
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois"):
        speak(name, 6, 7, 8, mode=Mode.CONFIDENTIAL, at=MONDAY)
    assert PendingAnswer.objects.of(world.program).exists()
    assert visibility(world.program, at=NEXT) == before


def test_the_estimate_follows_the_modes_the_rhythm_and_the_smallest_batch(world: World) -> None:
    program = world.program
    usual = habits_of(program)
    assert (usual.named, usual.confidential) == pytest.approx((0.2, 0.7))
    program.modes_offered = ["named"]
    program.asks_a_year = 6
    program.company_minimum = 5
    strict = habits_of(program)
    assert (strict.named, strict.confidential, strict.minimum) == (1, 0, 5)
    assert strict.every_days == pytest.approx(61, abs=1)
