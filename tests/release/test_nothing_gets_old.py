"""What a process remembers of stored rows never outlives them: each figure is what a fresh process
would show, whatever changed since the last look; and a page of many partners needs few queries.
"""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from partnerloop.core.clock import week_of
from partnerloop.partners.models import Contact
from partnerloop.release import known
from partnerloop.release.coverage import counted, coverage
from partnerloop.release.figures import figures, score_rows
from partnerloop.release.gate import Cell, Figure, Hidden, Reason, Scope
from partnerloop.release.models import ProgramWeek
from partnerloop.release.rates import rate_in_words, response_rate
from partnerloop.release.remembering import remember
from partnerloop.responses.participation import Participation
from partnerloop.scores.refresh import advance, snapshot
from tests.world import MONDAY, World

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
NAMES = ("Ana Keller", "Ben Okafor", "Eva Lind", "Finn Berg", "Gita Rao")


@pytest.fixture
def heard(world: World, speak) -> World:
    for name in NAMES:
        speak(name, 6, 5, 4)
    return world


def program_cells(world: World, *, at=MONDAY + DAY) -> dict[str, Cell]:
    """Look at the program's figures twice and anew, and check that all three say the same."""
    shown = [figures(world.program, by=world.priya, scope=Scope.program(), at=at) for _ in "12"]
    known._weighed.cache_clear()
    fresh = figures(world.program, by=world.priya, scope=Scope.program(), at=at)
    assert shown == [fresh, fresh]
    return fresh


def test_an_answer_shows_although_the_page_was_looked_at_before(heard, speak) -> None:
    before = program_cells(heard)["partnerscore"]
    speak("Claire Dubois", 0, 0, 10, at=MONDAY + DAY)
    after = program_cells(heard)["partnerscore"]
    assert isinstance(before, Figure)
    assert isinstance(after, Figure)
    assert after.mean < before.mean


def test_what_was_taken_back_with_its_transaction_is_not_shown(heard, speak) -> None:
    before = program_cells(heard)
    with transaction.atomic():
        speak("Claire Dubois", 0, 0, 10, at=MONDAY + DAY)
        assert program_cells(heard) != before
        transaction.set_rollback(True)
    assert program_cells(heard) == before


def test_a_figure_that_gets_too_old_is_hidden_on_its_day(heard) -> None:
    limit = timedelta(days=heard.program.figure_age_days)
    last = program_cells(heard, at=MONDAY + limit)
    assert isinstance(last["partnerscore"], Figure)
    after = program_cells(heard, at=MONDAY + limit + DAY)["partnerscore"]
    assert after == Hidden("partnerscore", Reason.NO_RECENT_ANSWERS)


def test_tightened_thresholds_and_ended_partners_count_at_once(heard) -> None:
    assert isinstance(program_cells(heard)["partnerscore"], Figure)
    heard.program.pool_people = 50
    assert program_cells(heard)["partnerscore"] == Hidden("partnerscore", Reason.TOO_FEW)
    heard.program.pool_people = 5
    assert isinstance(program_cells(heard)["partnerscore"], Figure)
    for partner in heard.partners.values():
        if partner.name != "Alder & Finch":
            partner.ended_on = MONDAY.date()
            partner.save()
    assert program_cells(heard)["partnerscore"] == Hidden("partnerscore", Reason.TOO_FEW)


def test_all_metrics_of_all_partners_take_few_queries(heard) -> None:
    with CaptureQueriesContext(connection) as seen:
        figures(heard.program, by=heard.priya, scope=Scope.program(), at=MONDAY + DAY)
    assert len(seen) <= 4
    with CaptureQueriesContext(connection) as seen:
        score_rows(heard.program, by=heard.priya, at=MONDAY + DAY)
    assert len(seen) <= 4


def test_the_programs_response_rate_is_kept_at_the_tick_and_moves_with_the_next(heard) -> None:
    later = MONDAY + 3 * WEEK
    advance(heard.program, at=later)
    snapshot(heard.program, week=week_of(later.date()))
    remember(heard.program)
    told = response_rate(heard.program, by=heard.priya, scope=Scope.program(), at=later)
    kept = ProgramWeek.objects.of(heard.program).get(week=week_of(later.date()))
    assert told == kept.answering == "most"
    Participation.objects.of(heard.program).all().delete()
    again = response_rate(heard.program, by=heard.priya, scope=Scope.program(), at=later + DAY)
    assert again == told, "a week is told once"
    next_week = response_rate(heard.program, by=heard.priya, scope=Scope.program(), at=later + WEEK)
    assert next_week == rate_in_words(heard.program, week=week_of((later + WEEK).date()))
    assert next_week == "none"


def test_coverage_is_kept_for_a_week_as_it_was_counted_and_of_the_newest_week_only(heard) -> None:
    for number in (3, 4):
        later = MONDAY + number * WEEK
        advance(heard.program, at=later)
        snapshot(heard.program, week=week_of(later.date()))
        remember(heard.program)
        fresh = counted(heard.program, at=later)
        assert fresh.groups["Role"]
        assert coverage(heard.program, at=later) == fresh
    Participation.objects.of(heard.program).all().delete()
    Contact.objects.of(heard.program).update(language="fr")
    assert coverage(heard.program, at=later + DAY) == fresh, "a week is told once"
    assert coverage(heard.program, at=later + WEEK) == counted(heard.program, at=later + WEEK)
    kept = ProgramWeek.objects.of(heard.program).filter(coverage__isnull=False)
    assert [row.week for row in kept] == [week_of(later.date())]
