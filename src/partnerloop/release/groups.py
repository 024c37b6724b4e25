"""Where a group that met differs from all partners: means of its named answers beside the figures.

A cell needs people and companies enough and none above half, like any of several companies.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from partnerloop.accounts.models import Membership
from partnerloop.core.bands import band
from partnerloop.evidence.models import NamedAnswer
from partnerloop.partners.models import Partner
from partnerloop.pulses.models import Pulse
from partnerloop.release.figures import figures
from partnerloop.release.gate import Basis, Cell, Figure, Hidden, Reason, Scope

SPREAD = 2.0  # points by which people of one opinion usually differ: not the group's own spread
LIKELY = 1.645


@dataclass(frozen=True, slots=True)
class Beside:
    """One metric: the group's figure, that of all partners, and whether they are apart for sure."""

    measure: str
    group: Cell
    everybody: Cell
    is_apart: bool


def group_beside_all(pulse: Pulse, *, by: Membership, at: datetime) -> Sequence[Beside]:
    """This will compare what a group said in a talk with all partners, metric by metric."""
    everybody = figures(pulse.program, by=by, scope=Scope.program(), at=at)
    assert pulse.launched_at is not None, "a talk is written down at a moment"
    rows = NamedAnswer.objects.of(pulse.program_id).filter(
        at=pulse.launched_at, contact__in=pulse.invitations.values("contact")
    )
    company = {
        pk: parent or pk
        for pk, parent in Partner.objects.of(pulse.program_id).values_list("pk", "parent")
    }
    values: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for measure, value, partner in rows.values_list("measure", "value", "partner_id"):
        values[measure].append((value, company[partner]))
    return [
        _beside(measure, _cell(pulse, measure, values[measure]), cell)
        for measure, cell in everybody.items()
        if measure in values
    ]


def _cell(pulse: Pulse, measure: str, said: Sequence[tuple[int, int]]) -> Cell:
    program, count = pulse.program, len(said)
    of_company = Counter(company for _, company in said)
    largest = max(of_company.values()) / count
    too_few = count < program.pool_people or len(of_company) < program.pool_companies
    if too_few or largest > float(program.dominance):
        return Hidden(measure, Reason.TOO_FEW)
    mean = sum(value for value, _ in said) / count
    half = LIKELY * SPREAD / sqrt(count)
    low, high = max(mean - half, 0.0), min(mean + half, 10.0)
    return Figure(measure, mean, low, high, Basis.OWN, people=band(count))


def _beside(measure: str, group: Cell, everybody: Cell) -> Beside:
    apart = (
        isinstance(group, Figure)
        and isinstance(everybody, Figure)
        and (group.low > everybody.high or group.high < everybody.low)
    )
    return Beside(measure, group, everybody, is_apart=apart)
