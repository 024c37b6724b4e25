"""Open batches: how many people of a company wait to be counted together, dimension by dimension.

From the participation ledger, never from what waits itself: who answered an ask about a dimension
since the company's last batch of it, and not by name. It comes out as a number per company and
dimension, and it moves at the start of a week only. Who the people are stays here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from partnerloop.core.clock import start_of, week_of
from partnerloop.evidence.models import Atom, NamedAnswer
from partnerloop.evidence.seasoning import SeasoningRules, eligible_people
from partnerloop.evidence.tick import COMPANY_WAIT
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Question, Wording
from partnerloop.responses.participation import Participation

LISTED = 2000  # partners that a query names one by one
Batches = Mapping[tuple[int, str], int]


def open_batches(
    program: Program, *, at: datetime, among: Collection[int] | None = None
) -> Batches:
    """This will count, by partner and dimension, who waits in a company's batch.

    A company that is too small for batches of its own has none. `among` are the partners that are
    looked at; None looks at all.
    """
    week = week_of(at.date())
    oldest = week - COMPANY_WAIT
    closed = _last_batches(program, since=oldest)
    named = _named(program, since=oldest)
    measures = _rated_measures(program)
    rows = Participation.objects.of(program).filter(week__gte=oldest, week__lt=week)
    waiting: dict[tuple[int, str], set[int]] = defaultdict(set)
    answers = [
        row
        for row in rows.values_list(
            "invitation__partner_id", "invitation__contact_id", "invitation__asked", "week"
        )
        if among is None or row[0] in among
    ]
    large = _large_enough(program, {row[0] for row in answers}, on=at.date())
    for partner, contact, asked, answered in answers:
        if partner not in large:
            continue
        for measure in (measures[wording] for wording in asked if wording in measures):
            counted = closed.get((partner, measure), oldest) > answered
            if not counted and (contact, partner, measure, answered) not in named:
                waiting[partner, measure].add(contact)
    return {key: len(people) for key, people in waiting.items()}


def _last_batches(program: Program, *, since: date) -> dict[tuple[int, str], date]:
    """Return the week of each company's newest batch; it took in all answers of earlier days."""
    rows = Atom.objects.of(program).filter(kind=Atom.Kind.COMPANY, week__gte=since).order_by("week")
    return {
        (partner, measure): week
        for partner, measure, week in rows.values_list("partner_id", "measure", "week")
    }


def _named(program: Program, *, since: date) -> set[tuple[int | None, int, str, date]]:
    """Return who answered by name, for which partner, on what, in which week."""
    rows = NamedAnswer.objects.of(program).filter(at__gte=start_of(since) - timedelta(days=1))
    return {
        (contact, partner, measure, week_of(at.date()))
        for contact, partner, measure, at in rows.values_list(
            "contact_id", "partner_id", "measure", "at"
        )
    }


def _large_enough(program: Program, partners: Collection[int], *, on: date) -> frozenset[int]:
    """Return which of these partners are large enough for batches of their own."""
    listed = sorted(partners)
    people: dict[int, int] = {}
    for start in range(0, len(listed), LISTED):
        part = listed[start : start + LISTED]
        rules = SeasoningRules(program, partners=part)
        people |= eligible_people(program, on=on, rules=rules, partners=part)
    return frozenset(pk for pk, count in people.items() if count >= program.company_minimum)


def _rated_measures(program: Program) -> dict[int, str]:
    rows = Wording.objects.of(program).filter(question__kind=Question.Kind.RATED)
    return dict(rows.values_list("pk", "question__measure"))
