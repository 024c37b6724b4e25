"""What the gate weighs: partners' stored estimates, now or in a past week, and who spoke."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import TextField
from django.db.models.functions import Cast

from partnerloop.accounts.models import Membership
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.pulses.measuring import is_own
from partnerloop.pulses.models import Metric
from partnerloop.release.gate import Cell, Scope
from partnerloop.scores.basis import PartnerBasis
from partnerloop.scores.models import PartnerScore, Snapshot

Viewer = Membership | Partner
FEW = 50  # partners that are asked for by number; of more the whole program is read
MOST_KEPT = 8192  # rows of which a process remembers what they weigh, a few kilobytes each


class Weighed:
    """What the gate reads of one stored row: estimates, who spoke of late, and cells made of both.

    Equal texts and an equal first day give the same one again (see `_weighed`), so a cell is made
    once for as long as nothing of what it depends on changes.
    """

    __slots__ = ("cells", "estimates", "ever_on", "recent", "was_ever_heard")

    def __init__(
        self, estimates: dict[str, list[float]], basis: PartnerBasis, *, since: date
    ) -> None:
        self.estimates = estimates
        self.recent = basis.recent_on_each(since=since)
        self.was_ever_heard = basis.ever()
        self.ever_on = basis.measures
        self.cells: dict[str, Cell] = {}


@dataclass(frozen=True, slots=True)
class Known:
    """A partner with what the gate weighs of it."""

    partner_id: int
    weighed: Weighed


def known_now(program: Program, partners: Iterable[int], *, at: datetime) -> list[Known]:
    """Read what is known of partners at the moment."""
    chosen, since = set(partners), oldest(program, at.date())
    rows = PartnerScore.objects.of(program)
    if len(chosen) <= FEW:
        rows = rows.filter(partner__in=chosen)
    texts = rows.values_list("partner_id", _text("estimates"), _text("basis"))
    return [
        Known(number, _weighed(estimates, basis, since))
        for number, estimates, basis in texts
        if number in chosen
    ]


@lru_cache(maxsize=MOST_KEPT)
def _weighed(estimates: str, basis: str, since: date) -> Weighed:
    """Weigh a stored row, given as its whole text: what was read is the key, so nothing gets old.

    A row that was written anew, or a day later, is another call; every process finds the same.
    """
    return Weighed(json.loads(estimates), PartnerBasis.from_json(json.loads(basis)), since=since)


def _text(column: str) -> Cast:
    return Cast(column, TextField())


def known_in_weeks(
    program: Program, partners: Iterable[int], *, first: date, last: date
) -> dict[date, list[Known]]:
    """Read what was known of partners in each of some weeks."""
    rows = Snapshot.objects.of(program).filter(partner__in=list(partners))
    rows = rows.filter(week__gte=first, week__lte=last).order_by("week")
    found: dict[date, list[Known]] = {}
    for number, week, stored in rows.values_list("partner_id", "week", "estimates"):
        basis, since = PartnerBasis.from_json(stored["basis"]), oldest(program, week)
        one = Known(number, Weighed(stored["figures"], basis, since=since))
        found.setdefault(week, []).append(one)
    return found


def own_past(
    program: Program, partners: Iterable[int], *, first: date, last: date
) -> Iterator[tuple[int, date, dict[str, list[float]]]]:
    """Read the estimates of partners in the weeks in which they had a figure of their own.

    That is where anybody had spoken of late, on whatever: `partner_cells` would show the same.
    """
    rows = Snapshot.objects.of(program).filter(partner__in=list(partners))
    rows = rows.filter(week__gte=first, week__lte=last).order_by("week")
    for number, week, stored in rows.values_list("partner_id", "week", "estimates"):
        basis, since = PartnerBasis.from_json(stored["basis"]), oldest(program, week)
        if basis.was_heard(since=since):
            yield number, week, _rated(stored["figures"], basis, since=since)


def _rated(
    figures: dict[str, list[float]], basis: PartnerBasis, *, since: date
) -> dict[str, list[float]]:
    """Leave out the program's own metrics that nobody had rated: they are never inferred."""
    return {
        measure: numbers
        for measure, numbers in figures.items()
        if not is_own(measure) or not basis.recent(measure, since=since).is_empty
    }


def visible(program: Program, by: Viewer, scope: Scope, *, at: datetime) -> list[int] | None:
    """Return the partners of a scope, or None where a viewer may not see one of them.

    Figures of many companies are for every member: they tell of nobody. A partner sees itself only.
    """
    active = Partner.objects.of(program).active(at.date())
    if scope.partners is None:
        return list(active.values_list("pk", flat=True)) if isinstance(by, Membership) else None
    if isinstance(by, Partner):
        return [by.pk] if scope.partners == frozenset({by.pk}) else None
    chosen = Partner.objects.of(program).filter(pk__in=scope.partners)
    if scope.is_single:
        chosen = chosen.visible_to(by, at.date())
    found = list(chosen.values_list("pk", flat=True))
    return found if len(found) == len(scope.partners) else None


def companies(program: Program) -> dict[int, int]:
    """Return the company that each partner counts for: its group, else itself."""
    rows = Partner.objects.of(program).values_list("pk", "parent_id")
    return {number: parent or number for number, parent in rows}


def measures_of(program: Program) -> list[str]:
    """Return the composite and the metrics of a program that are in use, in order."""
    return list(Metric.objects.of(program).in_use().values_list("key", flat=True))


def oldest(program: Program, on: date) -> date:
    """Return the first day whose answers still count as recent on a day."""
    return on - timedelta(days=program.figure_age_days)
