"""Veils: before a new batch of a partner's figures, its managers make one guess at one of them.

Only named answers and atoms draw a veil, so that it says nothing which they do not. One figure at a
time, and a partner's figures rest for four weeks after each guess or word to skip it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import models, transaction

from partnerloop.accounts.models import Membership, Role
from partnerloop.evidence.models import Atom
from partnerloop.partners.models import Cover, Partner, PartnerAssignment
from partnerloop.programs.models import Program
from partnerloop.programs.prepared import Given, Prepared
from partnerloop.pulses.models import COMPOSITE, Metric
from partnerloop.release.gate import Cell, Hidden, Reason
from partnerloop.release.models import Veil

REST = timedelta(days=28)
Fresh = Mapping[int, Collection[str]]
MANAGERS = Prepared(
    lambda: (
        PartnerAssignment.objects.of(Given("program", models.BigIntegerField()))
        .current(Given("on", models.DateField()))
        .filter(partner=Given("partner", models.BigIntegerField()), member__role=Role.MANAGER)
        .values_list("member_id", "partner_id")
    )
)
STAND_INS = Prepared(
    lambda: (
        Cover.objects.of(Given("program", models.BigIntegerField()))
        .current(Given("on", models.DateField()))
        .filter(
            cover__role=Role.MANAGER,
            away__in=PartnerAssignment.objects.of(Given("program", models.BigIntegerField()))
            .current(Given("on", models.DateField()))
            .filter(partner=Given("partner", models.BigIntegerField()))
            .values("member_id"),
        )
        .values_list("cover_id")
    )
)


def veiled(by: Membership | Partner) -> dict[int, frozenset[str]]:
    """Return the measures that a reader must not be shown yet, by partner.

    With a metric goes the composite: it is a mean, and all the others of it are in view.
    """
    if not isinstance(by, Membership) or by.role != Role.MANAGER:
        return {}
    rows = Veil.objects.of(by.program_id).open().filter(member=by)
    return {
        partner: frozenset({measure, COMPOSITE})
        for partner, measure in rows.values_list("partner_id", "measure")
    }


def behind(
    cells: dict[str, Cell], *, partner: int, veils: Mapping[int, Collection[str]]
) -> dict[str, Cell]:
    """Return a partner's cells with the veiled ones hidden; what is hidden anyway keeps why."""
    over = veils.get(partner, ())
    return {
        measure: Hidden(measure, Reason.VEILED)
        if measure in over and not isinstance(cell, Hidden)
        else cell
        for measure, cell in cells.items()
    }


def draw_over_named(
    program_id: int, partner_id: int, measures: Iterable[str], *, at: datetime
) -> None:
    """Draw veils where named answers have just moved figures, in the same transaction."""
    _draw(program_id, {partner_id: set(measures)}, at=at)


def draw_over_atoms(program: Program, *, week: date, at: datetime) -> None:
    """Draw veils where the atoms of a week move figures of companies."""
    atoms = Atom.objects.of(program).filter(kind=Atom.Kind.COMPANY, week=week)
    fresh: dict[int, set[str]] = defaultdict(set)
    for partner, measure in atoms.values_list("partner_id", "measure"):
        if partner is not None:
            fresh[partner].add(measure)
    _draw(program.pk, fresh, at=at)


def draw_back(program: Program) -> None:
    """Take away the veils over metrics that nobody is shown any more."""
    used = Metric.objects.of(program).in_use().values_list("key", flat=True)
    Veil.objects.of(program).open().exclude(measure__in=list(used)).delete()


def _draw(program_id: int, fresh: Fresh, *, at: datetime) -> None:
    if not any(fresh.values()):
        return
    on = at.date()
    pairs = _managers(program_id, list(fresh), on=on)
    if not pairs:
        return
    before = Veil.objects.of(program_id).filter(partner__in=list(fresh))
    last: dict[tuple[int, int, str], datetime] = {}
    resting: set[tuple[int, int]] = set()
    for member, partner, measure, settled in before.values_list(
        "member_id", "partner_id", "measure", "settled_at"
    ):
        if settled is None or settled > at - REST:
            resting.add((member, partner))
        else:
            last[member, partner, measure] = settled
    measured = Metric.objects.of(program_id).measured()
    dimensions = set(measured.values_list("key", flat=True))
    drawn = []
    for member, partner in pairs:
        moved = dimensions.intersection(fresh[partner])
        if (member, partner) in resting or not moved:
            continue
        one = _longest_ago(member, partner, moved, last, on=on)
        drawn.append(
            Veil(program_id=program_id, member_id=member, partner_id=partner, measure=one, since=on)
        )
    # two answers at once draw one veil
    Veil.objects.bulk_create(drawn, ignore_conflicts=True)


def _managers(program_id: int, partners: list[int], *, on: date) -> list[tuple[int, int]]:
    """Return who is shown figures of these partners as their manager, whoever stands in included.

    The figure is shown to both, so that both guess before. For one partner it is asked with every
    answer.
    """
    if len(partners) == 1:
        stand_ins = STAND_INS.ask(program=program_id, partner=partners[0], on=on)
        shown = set(MANAGERS.ask(program=program_id, partner=partners[0], on=on))
        return sorted(shown | {(one, partners[0]) for (one,) in stand_ins})
    who = PartnerAssignment.objects.of(program_id).current(on).filter(partner__in=partners)
    covers = Cover.objects.of(program_id).current(on).filter(cover__role=Role.MANAGER)
    stands_in: dict[int, list[int]] = defaultdict(list)
    for away, cover in covers.values_list("away_id", "cover_id"):
        stands_in[away].append(cover)
    shown = set()
    for member, role, partner in who.values_list("member_id", "member__role", "partner_id"):
        own = [member] if role == Role.MANAGER else []
        shown.update((one, partner) for one in (*own, *stands_in[member]))
    return sorted(shown)


def _longest_ago(
    member: int,
    partner: int,
    measures: Collection[str],
    last: Mapping[tuple[int, int, str], datetime],
    *,
    on: date,
) -> str:
    """Return the measure that a manager guessed longest ago; among equals one that is no habit."""

    def order(measure: str) -> tuple[float, str]:
        before = last.get((member, partner, measure))
        mixed = hashlib.sha256(f"{member}:{partner}:{measure}:{on}".encode()).hexdigest()
        return (before.timestamp() if before else 0.0, mixed)

    return min(measures, key=order)


@transaction.atomic
def lift(veil: Veil, *, guess: int | None, sureness: str, at: datetime, cell: Cell | None) -> bool:
    """Lift a veil by a guess, or by None to skip it; return whether it was still there.

    `cell` is what the gate gives out without the veil: what the guess is held against.
    """
    own = None if cell is None or isinstance(cell, Hidden) or guess is None else cell
    lifted = Veil.objects.of(veil.program_id).open().filter(pk=veil.pk)
    return bool(
        lifted.update(
            settled_at=at,
            guess=guess,
            sureness=sureness if guess is not None else "",
            mean=own.mean if own else None,
            low=own.low if own else None,
            high=own.high if own else None,
        )
    )
