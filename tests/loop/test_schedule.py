"""The calendar: each task once per period and program, one scheduler, failures written down."""

from datetime import timedelta

import pytest

from partnerloop.core.models import LiveTopic, ScheduledRun
from partnerloop.loop import schedule
from partnerloop.scores.models import Fit, Snapshot
from tests.world import MONDAY, make_world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_every_task_runs_once_a_period_for_each_program():
    make_world("ours")
    make_world("theirs")
    assert len(schedule.run_due(at=MONDAY)) == 2 * len(schedule.SCHEDULE)
    assert schedule.run_due(at=MONDAY) == []
    later = schedule.run_due(at=MONDAY + timedelta(hours=3))
    often = {entry.name for entry in schedule.SCHEDULE if entry.every < DAY}
    assert {name.partition(":")[0] for name in later} == often
    next_day = schedule.run_due(at=MONDAY + DAY)
    assert {name.partition(":")[0] for name in next_day} == {
        entry.name for entry in schedule.SCHEDULE if entry.every <= DAY
    }
    assert any(name.startswith("weekly") for name in schedule.run_due(at=MONDAY + 7 * DAY))


def test_a_task_that_was_missed_runs_when_the_scheduler_is_back():
    make_world()
    schedule.run_due(at=MONDAY)
    ran = schedule.run_due(at=MONDAY + 16 * DAY)
    assert {name.partition(":")[0] for name in ran} == {e.name for e in schedule.SCHEDULE}


def test_a_failing_task_is_written_down_and_holds_up_no_other(monkeypatch):
    world = make_world()

    def broken(program, at):
        raise RuntimeError("the disk is full")

    entries = (schedule.Entry("broken", DAY, broken), *schedule.SCHEDULE)
    monkeypatch.setattr(schedule, "SCHEDULE", entries)
    assert len(schedule.run_due(at=MONDAY)) == len(entries)
    run = ScheduledRun.objects.get(task=f"broken:{world.program.pk}")
    assert run.failure == "RuntimeError: the disk is full"


def test_one_scheduler_holds_the_lease_until_it_lets_it_end():
    assert schedule.hold_lease("scheduler", holder="a", at=MONDAY)
    assert not schedule.hold_lease("scheduler", holder="b", at=MONDAY + timedelta(seconds=20))
    assert schedule.hold_lease("scheduler", holder="a", at=MONDAY + timedelta(seconds=40))
    late = MONDAY + timedelta(seconds=40) + schedule.LEASE + timedelta(seconds=1)
    assert schedule.hold_lease("scheduler", holder="b", at=late)
    assert not schedule.hold_lease("scheduler", holder="a", at=late)


def test_a_week_is_kept_and_live_pages_are_told():
    world = make_world()
    schedule.run_due(at=MONDAY)
    schedule.run_due(at=MONDAY + 7 * DAY)
    assert Fit.objects.of(world.program).count() == 2
    weeks = Snapshot.objects.of(world.program).values_list("week", flat=True).distinct()
    assert set(weeks) <= {MONDAY.date(), (MONDAY + 7 * DAY).date()}
    assert LiveTopic.objects.filter(program_id=world.program.pk, topic="scorecard").exists()
