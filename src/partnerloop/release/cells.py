"""The rules of a cell: own, inferred, borrowed or hidden; and wide enough where many count.

A program's own metric is never inferred nor borrowed: what the overall question says of it is known
of none that nobody has asked about before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from partnerloop.core.bands import band
from partnerloop.engine.pooling import pooled_mean
from partnerloop.programs.models import Program
from partnerloop.pulses.measuring import is_own
from partnerloop.pulses.models import COMPOSITE
from partnerloop.release.gate import Basis, Cell, Figure, Hidden, Reason
from partnerloop.release.known import Known, Weighed
from partnerloop.scores.basis import NOBODY, Recent

LIKELY = 1.6449  # a range holds nine times out of ten


def partner_cells(known: Known, measures: Iterable[str]) -> dict[str, Cell]:
    """Return one partner's cells: own, inferred, borrowed or hidden as too old."""
    cells = known.weighed.cells
    for measure in measures:
        if measure not in cells:
            cells[measure] = _partner_cell(known.weighed, measure)
    return {measure: cells[measure] for measure in measures}


def pooled_cells(
    program: Program,
    known: Sequence[Known],
    measures: Iterable[str],
    *,
    companies: Mapping[int, int],
) -> dict[str, Cell]:
    """Return the means over the companies of a set that have a figure of their own, by measure.

    Each company counts once. The range covers the companies' own uncertainty and, as far as some
    companies have no figure, which of them happen to have one.
    """
    rows = [
        (companies.get(one.partner_id, one.partner_id), one.weighed.estimates, one.weighed.recent)
        for one in known
    ]
    cells: dict[str, Cell] = {}
    for measure in measures:
        heard = [
            (company, estimates[measure], recent[measure])
            for company, estimates, recent in rows
            if measure in recent and measure in estimates
        ]
        if _is_wide_enough(program, heard):
            cells[measure] = _pooled_figure(measure, heard, population=len(rows))
        else:
            is_old = not heard and any(_ever_spoken(one.weighed, measure) for one in known)
            cells[measure] = _too_old_or_few(measure, is_old=is_old)
    return cells


def too_few(measure: str) -> Reason:
    """Return why a figure is hidden that not enough people have spoken for.

    >>> str(too_few("commitment")), str(too_few("our_enablement"))
    ('too_few', 'too_few_yet')
    """
    return Reason.TOO_FEW_YET if is_own(measure) else Reason.TOO_FEW


def _too_old_or_few(measure: str, *, is_old: bool) -> Hidden:
    return Hidden(measure, Reason.NO_RECENT_ANSWERS if is_old else too_few(measure))


def _ever_spoken(weighed: Weighed, measure: str) -> bool:
    return measure in weighed.ever_on if is_own(measure) else weighed.was_ever_heard


def _partner_cell(weighed: Weighed, measure: str) -> Cell:
    numbers = weighed.estimates.get(measure)
    if numbers is None:
        return Hidden(measure, too_few(measure))
    spoken = weighed.recent.get(COMPOSITE, NOBODY)
    if spoken.is_empty and weighed.was_ever_heard:
        return Hidden(measure, Reason.NO_RECENT_ANSWERS)
    own = weighed.recent.get(measure)
    if own is not None:
        basis, people = Basis.OWN, own
    elif is_own(measure):
        return _too_old_or_few(measure, is_old=measure in weighed.ever_on)
    else:
        basis, people = (Basis.LIKE if spoken.is_empty else Basis.INFERRED), spoken
    mean, _, low, high = numbers
    count = round(people.people)
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


# The company, its numbers (mean, standard deviation, ...) and who spoke, of each partner heard.
Voices = Sequence[tuple[int, list[float], Recent]]


def _pooled_figure(measure: str, heard: Voices, *, population: int) -> Figure:
    told = pooled_mean(
        [numbers[0] for _, numbers, _ in heard],
        sds=[numbers[1] for _, numbers, _ in heard],
        population=population,
    )
    newest = max((recent.newest_atom for _, _, recent in heard if recent.newest_atom), default=None)
    return Figure(
        measure=measure,
        mean=told.mean,
        low=max(0.0, told.mean - LIKELY * told.sd),
        high=min(10.0, told.mean + LIKELY * told.sd),
        basis=Basis.OWN,
        people=band(round(sum(recent.people for _, _, recent in heard))),
        confidential=newest is not None,
        week=newest,
    )


def _is_wide_enough(program: Program, heard: Voices) -> bool:
    """Return whether a cell has people and companies enough, none of them above half."""
    people: dict[int, float] = defaultdict(float)
    for company, _, recent in heard:
        people[company] += recent.people
    total = sum(people.values())
    return (
        total >= program.pool_people
        and len(people) >= program.pool_companies
        and max(people.values()) <= total * float(program.dominance)
    )
