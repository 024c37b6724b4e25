"""Reading evidence: named answers and company atoms of partners, and the pools of a program."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from partnerloop.core.clock import start_of
from partnerloop.evidence.models import Atom, NamedAnswer
from partnerloop.programs.models import Program


@dataclass(slots=True)
class PartnerEvidence:
    """All that is known of one partner, oldest first."""

    named: list[NamedAnswer] = field(default_factory=list)
    atoms: list[Atom] = field(default_factory=list)


def evidence_of(
    program: Program | int, *, until: datetime, partners: Iterable[int] | None = None
) -> dict[int, PartnerEvidence]:
    """Return the evidence up to a moment, by partner; all partners where none are named."""
    named = NamedAnswer.objects.of(program).filter(at__lte=until).order_by("at", "measure", "pk")
    atoms = Atom.objects.of(program).filter(kind=Atom.Kind.COMPANY, week__lte=until.date())
    if partners is not None:
        chosen = list(partners)
        named, atoms = named.filter(partner__in=chosen), atoms.filter(partner__in=chosen)
    found: dict[int, PartnerEvidence] = defaultdict(PartnerEvidence)
    for answer in named:
        found[answer.partner_id].named.append(answer)
    for atom in atoms.order_by("week", "measure", "pk"):
        if atom.partner_id is not None and start_of(atom.week) <= until:
            found[atom.partner_id].atoms.append(atom)
    return found


def newest_answer(program: Program | int) -> datetime | None:
    """Return when the newest named answer was given, or None."""
    rows = NamedAnswer.objects.of(program).order_by("-at")
    return rows.values_list("at", flat=True).first()


def pools_of(program: Program | int, *, until: datetime) -> list[Atom]:
    """Return the atoms of groups up to a moment: they inform segments, no single partner."""
    wide = (Atom.Kind.POOL, Atom.Kind.ANONYMOUS)
    rows = Atom.objects.of(program).filter(kind__in=wide, week__lte=until.date())
    return list(rows.order_by("week", "measure", "pk"))
