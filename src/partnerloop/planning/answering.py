"""How many usually answer, in sums too coarse to tell of anybody: over the program, or by role and
segment. All move at the start of a week only.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from partnerloop.core.clock import start_of, week_of
from partnerloop.partners.segmenting import Place
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COUNTED_WAYS, Invitation, InvitationQuerySet
from partnerloop.responses.participation import Participation
from partnerloop.scores.modelling import segment_label

Cell = tuple[str, str]  # a role, and a segment of the model

ASSUMED = 0.3
LEAST_ASKS = 50  # below, one answer would move the figure by more than it is rounded to
STEPS = 20  # the figure moves in twentieths: 5 %
TIME_TO_ANSWER = timedelta(days=28)
LOOK_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Share:
    """The part of those asked that usually answers."""

    value: float
    is_assumed: bool


def usual_share(program: Program, *, at: datetime) -> Share:
    """This will return which part of the asks of the last year was answered, to the next 5 %.

    Only asks that have had four full weeks count, and it moves only at the start of a week; below
    fifty such asks it is an assumption and says so.
    """
    week = start_of(week_of(at.date()))
    asks = _settled(program, week=week)
    asked = asks.count()
    if asked < LEAST_ASKS:
        return Share(ASSUMED, is_assumed=True)
    answered = _heard(program, week=week).count()
    return Share(round(answered / asked * STEPS) / STEPS, is_assumed=False)


def response_chances(
    program: Program, cells: Sequence[Cell], *, where: Mapping[int, Place], at: datetime
) -> list[float]:
    """This will tell the chance of an answer for each role and segment, to the next 5 %.

    Each is drawn towards the program's share as if fifty more asks had been answered like that:
    what a single person does moves nothing.
    """
    usual = usual_share(program, at=at).value
    week = start_of(week_of(at.date()))
    asks = _settled(program, week=week)
    asked, answered = Counter[Cell](), Counter[Cell]()
    for role, partner, count in _by_role_and_partner(asks):
        asked[role, segment_label(where.get(partner, Place()))] += count
    heard = _heard(program, week=week).values_list("invitation__role", "invitation__partner_id")
    for role, partner, count in heard.annotate(answers=Count("pk")):
        answered[role, segment_label(where.get(partner, Place()))] += count
    chances = {
        cell: (answered[cell] + LEAST_ASKS * usual) / (asked[cell] + LEAST_ASKS)
        for cell in set(cells)
    }
    return [max(round(chances[cell] * STEPS), 1) / STEPS for cell in cells]


def _settled(program: Program, *, week: datetime) -> InvitationQuerySet:
    """Return the asks of a year that have had their time to be answered."""
    asks = Invitation.objects.of(program).counted().since(week - LOOK_BACK)
    return asks.filter(asked_at__lte=week - TIME_TO_ANSWER)


def _heard(program: Program, *, week: datetime) -> QuerySet[Participation]:
    """Return which of the settled asks were answered.

    A plain join: with the asks as a list inside a list, PostgreSQL compares each with each
    wherever its statistics are old.
    """
    return Participation.objects.of(program).filter(
        week__lt=week.date(),
        invitation__pulse__way__in=COUNTED_WAYS,
        invitation__asked_at__gte=week - LOOK_BACK,
        invitation__asked_at__lte=week - TIME_TO_ANSWER,
    )


def _by_role_and_partner(asks: InvitationQuerySet) -> list[tuple[str, int, int]]:
    rows = asks.order_by().values_list("role", "partner_id")
    return list(rows.annotate(asks=Count("pk")))
