"""Figures of single questions through the gate: those that enter no metric, for the whole program.

Drivers, touchpoints, events, outlook and a program's own questions have no model: a company counts
once, with its newest batch and what people said by name of late. The rule of width is that of every
figure of many companies. Nothing here is cut by role, language or segment.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt

from partnerloop.accounts.models import Membership
from partnerloop.core.bands import band, middle
from partnerloop.core.clock import start_of
from partnerloop.engine.pooling import pooled_mean
from partnerloop.evidence.models import Atom, NamedAnswer
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.release.cells import LIKELY
from partnerloop.release.gate import Basis, Cell, Figure, Hidden, Reason
from partnerloop.release.known import companies, oldest

# How far single answers of one company lie around its mean, in points (the engine's prior noise
# and leniency together).
AROUND = 1.5


@dataclass(slots=True)
class _Heard:
    """What one company said of one question: the last value of each named person, one batch."""

    named: dict[str, int] = field(default_factory=dict)
    newest: Atom | None = None

    @property
    def people(self) -> float:
        return len(self.named) + (middle(self.newest.band) if self.newest else 0.0)

    @property
    def mean(self) -> float:
        batch = float(self.newest.value) * middle(self.newest.band) if self.newest else 0.0
        return (sum(self.named.values()) + batch) / self.people

    @property
    def sd(self) -> float:
        blur = float(self.newest.blur_sd) if self.newest else 0.0
        return sqrt(AROUND**2 / self.people + blur**2)


def item_figures(
    program: Program, *, by: Membership, measures: Iterable[str], at: datetime
) -> dict[str, Cell]:
    """Return the program's figure of each of these measures; a hidden one says why."""
    wanted = list(measures)
    if by.program_id != program.pk:
        return {measure: Hidden(measure, Reason.NOT_YOURS) for measure in wanted}
    active = set(Partner.objects.of(program).active(at.date()).values_list("pk", flat=True))
    heard = _by_measure(program, wanted, partners=active, at=at)
    return {
        measure: _cell(program, measure, heard[measure], partners=len(active)) for measure in wanted
    }


def _by_measure(
    program: Program, measures: list[str], *, partners: set[int], at: datetime
) -> dict[str, dict[int, _Heard]]:
    """Return what each partner said of late, by measure; the last word of each counts."""
    since = oldest(program, at.date())
    found: dict[str, dict[int, _Heard]] = defaultdict(lambda: defaultdict(_Heard))
    named = NamedAnswer.objects.of(program).filter(measure__in=measures, at__lte=at)
    named = named.filter(at__gte=start_of(since)).order_by("at", "pk")
    for partner, measure, rater, value in named.values_list(
        "partner_id", "measure", "rater", "value"
    ):
        if partner in partners:
            found[measure][partner].named[rater.hex] = value
    atoms = Atom.objects.of(program).filter(measure__in=measures, kind=Atom.Kind.COMPANY)
    for atom in atoms.filter(week__gte=since, week__lte=at.date()).order_by("week", "pk"):
        if atom.partner_id in partners and atom.partner_id is not None:
            found[atom.measure][atom.partner_id].newest = atom
    return found


def _cell(program: Program, measure: str, heard: dict[int, _Heard], *, partners: int) -> Cell:
    if not _is_wide_enough(program, heard):
        return Hidden(measure, Reason.TOO_FEW)
    told = pooled_mean(
        [one.mean for one in heard.values()],
        sds=[one.sd for one in heard.values()],
        population=partners,
    )
    newest = max((one.newest.week for one in heard.values() if one.newest), default=None)
    return Figure(
        measure=measure,
        mean=told.mean,
        low=max(0.0, told.mean - LIKELY * told.sd),
        high=min(10.0, told.mean + LIKELY * told.sd),
        basis=Basis.OWN,
        people=band(round(sum(one.people for one in heard.values()))),
        confidential=newest is not None,
        week=newest,
    )


def _is_wide_enough(program: Program, heard: dict[int, _Heard]) -> bool:
    """Return whether there are people and companies enough, none of them above half."""
    groups = companies(program)
    people: dict[int, float] = defaultdict(float)
    for partner, one in heard.items():
        people[groups.get(partner, partner)] += one.people
    total = sum(people.values())
    return (
        total >= program.pool_people
        and len(people) >= program.pool_companies
        and max(people.values()) <= total * float(program.dominance)
    )
