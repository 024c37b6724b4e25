"""The rules of a cell: own, inferred, borrowed or hidden; and wide enough where many count."""

from collections.abc import Iterable

from partnerloop.core.bands import band
from partnerloop.engine.pooling import pooled_mean
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE
from partnerloop.release.gate import Basis, Cell, Figure, Hidden, Reason
from partnerloop.release.known import Known
from partnerloop.scores.basis import Recent

LIKELY = 1.6449  # a range holds nine times out of ten


def partner_cells(known: Known, measures: Iterable[str]) -> dict[str, Cell]:
    """Return one partner's cells: own, inferred, borrowed or hidden as too old."""
    spoken = known.recent(COMPOSITE)
    cells: dict[str, Cell] = {}
    for measure in measures:
        numbers = known.estimates.get(measure)
        if numbers is None:
            cells[measure] = Hidden(measure, Reason.TOO_FEW)
        elif spoken.is_empty and known.basis.ever():
            cells[measure] = Hidden(measure, Reason.NO_RECENT_ANSWERS)
        else:
            cells[measure] = _partner_figure(known, measure, numbers, spoken)
    return cells


def pooled(program: Program, known: list[Known], measure: str) -> Cell:
    """Return the mean over the companies of a set that have a figure of their own.

    Each company counts once. The range covers the companies' own uncertainty and, as far as some
    companies have no figure, which of them happen to have one.
    """
    spoken = [(one, one.recent(measure)) for one in known if measure in one.estimates]
    heard = [(one, recent) for one, recent in spoken if not recent.is_empty]
    if not _is_wide_enough(program, heard):
        old = any(one.basis.ever() for one in known) and not heard
        return Hidden(measure, Reason.NO_RECENT_ANSWERS if old else Reason.TOO_FEW)
    told = pooled_mean(
        [one.estimates[measure][0] for one, _ in heard],
        sds=[one.estimates[measure][1] for one, _ in heard],
        population=len(known),
    )
    people = sum(len(recent.named) + recent.atom_people for _, recent in heard)
    newest = max((recent.newest_atom for _, recent in heard if recent.newest_atom), default=None)
    return Figure(
        measure=measure,
        mean=told.mean,
        low=max(0.0, told.mean - LIKELY * told.sd),
        high=min(10.0, told.mean + LIKELY * told.sd),
        basis=Basis.OWN,
        people=band(round(people)),
        confidential=newest is not None,
        week=newest,
    )


def _partner_figure(known: Known, measure: str, numbers: list[float], spoken: Recent) -> Figure:
    own = known.recent(measure)
    if spoken.is_empty:
        basis, people = Basis.LIKE, Recent()
    elif own.is_empty:
        basis, people = Basis.INFERRED, spoken
    else:
        basis, people = Basis.OWN, own
    mean, _, low, high = numbers
    count = round(len(people.named) + people.atom_people)
    return Figure(
        measure=measure,
        mean=mean,
        low=low,
        high=high,
        basis=basis,
        people=band(count) if count else "",
        confidential=people.newest_atom is not None,
        week=people.newest_atom,
    )


def _is_wide_enough(program: Program, heard: list[tuple[Known, Recent]]) -> bool:
    """Return whether a cell has people and companies enough, none of them above half."""
    people: dict[int, float] = {}
    for one, recent in heard:
        count = len(recent.named) + recent.atom_people
        people[one.company_id] = people.get(one.company_id, 0.0) + count
    total = sum(people.values())
    return (
        total >= program.pool_people
        and len(people) >= program.pool_companies
        and max(people.values()) <= total * float(program.dominance)
    )
