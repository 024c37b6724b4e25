"""Noticing: drops are found, quiet partners are left alone, nothing is noticed twice."""

from datetime import timedelta

import numpy as np
import pytest

from partnerloop.alerts.models import Alert
from partnerloop.alerts.today import today
from partnerloop.alerts.watching import alarm_rate, watch
from partnerloop.core.clock import start_of, week_of
from partnerloop.loop.receiving import receive
from partnerloop.programs.models import Mode
from partnerloop.responses.accepted import Submission
from partnerloop.scores.refresh import snapshot
from tests.world import MONDAY, World, make_world

KEYS = ("partnerscore", "communication_accuracy", "cooperation_planning")
STAFF = ("Ana Keller", "Ben Okafor", "Claire Dubois", "Dan Novak")
DAY = timedelta(days=1)


@pytest.fixture
def world(db) -> World:
    return make_world()


def a_year(world: World, *, level: float, drop: float, weeks: int = 40) -> None:
    """Let four people answer in turn, weekly, the last eight weeks at a lower level."""
    rng = np.random.default_rng(7)
    for week in range(weeks, 0, -1):
        at = MONDAY - week * 7 * DAY
        pulse = world.pulse(
            name=f"week {week}",
            modes=["named"],
            launched_at=at - DAY,
            closes_at=at + 60 * DAY,
        )
        invitation = world.ask(STAFF[week % 4], pulse=pulse, at=at - DAY, keys=KEYS)
        here = level - (drop if week <= 8 else 0.0)
        values = np.clip(np.rint(rng.normal(here, 0.8, len(KEYS))), 0, 10).astype(int)
        ratings = {w: int(v) for w, v in zip(invitation.asked, values, strict=True)}
        receive(invitation, Submission(Mode.NAMED, ratings), at=at)
        snapshot(world.program, week=at.date())


def test_a_large_drop_is_noticed_once_and_shown_on_today(world):
    a_year(world, level=8.0, drop=3.5)
    opened = watch(world.program, at=MONDAY)
    drops = [alert for alert in opened if alert.kind == Alert.Kind.DROP]
    assert len(drops) == 1
    assert opened == drops, "a large drop is no rise"
    assert drops[0].partner == world.partners["Alder & Finch"]
    assert watch(world.program, at=MONDAY) == []
    assert week_of(drops[0].before_on) == drops[0].before_on
    noticed = today(world.program, by=world.priya, at=start_of(drops[0].opened_on) + DAY)
    assert noticed[0].kind == Alert.Kind.DROP
    assert noticed[0].after.mean < noticed[0].before.mean


def test_what_the_figures_no_longer_bear_out_is_not_on_today(world):
    a_year(world, level=8.0, drop=3.5)
    [alert] = watch(world.program, at=MONDAY)
    day = start_of(alert.opened_on) + DAY
    assert today(world.program, by=world.priya, at=day)
    Alert.objects.of(world.program).update(kind=Alert.Kind.RISE)
    assert today(world.program, by=world.priya, at=day) == []


def test_a_steady_partner_is_left_in_peace(world):
    a_year(world, level=7.5, drop=0.0)
    kinds = {alert.kind for alert in watch(world.program, at=MONDAY)}
    assert kinds <= {Alert.Kind.GROWTH}


def test_an_alert_closes_after_sixty_days(world):
    a_year(world, level=8.0, drop=3.5)
    watch(world.program, at=MONDAY)
    watch(world.program, at=MONDAY + 90 * DAY)
    assert not Alert.objects.of(world.program).filter(kind="drop", closed_on=None).exists()


def test_a_program_without_answers_has_no_alerts(world):
    assert watch(world.program, at=MONDAY) == []


def test_the_rate_of_alarms_is_that_of_the_whole_program():
    assert alarm_rate(52) == pytest.approx(0.05)
    assert alarm_rate(3) == 0.5
    assert alarm_rate(10_000) == 0.001
