"""What a manager's guesses say: the usual gap, by metric, and whether being sure means being right.

For the manager alone: a help against seeing what one expects to see, and no grade.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from partnerloop.accounts.models import Membership
from partnerloop.engine.gaps import LEAST, Gap, usual_gap
from partnerloop.release.guessing import Guess, guesses_of
from partnerloop.release.models import Veil


@dataclass(frozen=True, slots=True)
class Sure:
    """How often guesses of one sureness lay inside the range that the figure had."""

    label: str
    inside: int
    of: int


@dataclass(frozen=True, slots=True)
class Record:
    """A manager's guesses of a year; the gap is told from eight guesses on."""

    guesses: int
    still_needed: int
    gap: Gap | None
    by_measure: dict[str, Gap]
    sureness: tuple[Sure, ...]
    newest: tuple[Guess, ...]


def record_of(by: Membership, *, at: datetime, newest: int = 8) -> Record:
    """This will tell a manager's own guesses and nobody else's."""
    made = guesses_of(by, at=at)
    off: dict[str, list[float]] = defaultdict(list)
    for one in made:
        off[one.measure].append(one.off)
    gaps = {measure: usual_gap(values) for measure, values in off.items()}
    return Record(
        guesses=len(made),
        still_needed=max(0, LEAST - len(made)),
        gap=usual_gap([one.off for one in made]),
        by_measure={measure: gap for measure, gap in gaps.items() if gap is not None},
        sureness=_sureness(made),
        newest=tuple(made[:newest]),
    )


def _sureness(made: Sequence[Guess]) -> tuple[Sure, ...]:
    if len(made) < LEAST:
        return ()
    rows = []
    for choice in reversed(Veil.Sureness.values):
        of_it = [one for one in made if one.sureness == choice]
        if of_it:
            inside = sum(one.is_inside for one in of_it)
            rows.append(Sure(Veil.Sureness(choice).label, inside, len(of_it)))
    return tuple(rows)
