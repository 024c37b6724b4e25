"""Did it help? What partners an action reached say afterwards, against partners it didn't reach.

Works on raw answers, never on estimates: an estimate lags and shrinks, so that it shows half of an
effect with a range that is too narrow. A placebo (the same comparison one window earlier, when
nothing had happened yet) is always run, and without a random order its failing means: no answer.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from partnerloop.engine.comparing import (
    FEWEST,
    Answers,
    Difference,
    compare,
    evened,
    room_to_move,
)
from partnerloop.engine.interface import Floats, Ints

__all__ = [
    "Answers",
    "Design",
    "Difference",
    "Effect",
    "Verdict",
    "Windows",
    "draw_wait_list",
    "effect",
]

# A placebo must lie inside this interval. Strict without a random order (one honest comparison in
# five is refused, to stop biased ones); with one, only a broken draw should stop it.
PLACEBO_LEVEL = {"wait list": 0.999, "comparison": 0.8}
# A placebo wider than this (standard error, points) could not have shown a fall of one point.
PLACEBO_WIDEST = 0.4


class Design(StrEnum):
    """How it was decided whom the action reached first."""

    WAIT_LIST = "wait list"
    COMPARISON = "comparison"


class Verdict(StrEnum):
    """What may be said about the action."""

    BETTER = "better"
    WORSE = "worse"
    NO_EFFECT_VISIBLE = "no effect visible"
    CANNOT_SAY = "cannot say"


@dataclass(frozen=True)
class Windows:
    """Days before and after the start that are compared; `earlier` is the placebo's 'before'."""

    before: float = 90.0
    after: float = 120.0
    earlier: float = 180.0

    def __post_init__(self) -> None:
        if min(self.before, self.after, self.earlier) <= 0:
            raise ValueError(f"a window needs days: {self}")


@dataclass(frozen=True)
class Effect:
    """What the action changed, or why that cannot be said.

    Called an effect only with a wait list; else it is a change against the comparison. `measured`
    is missing when there is too little to compare, and withheld (None) when the placebo failed.
    """

    design: Design
    verdict: Verdict
    measured: Difference | None
    placebo: Difference | None
    reason: str


def draw_wait_list(partners: int, *, waves: int, rng: np.random.Generator) -> Ints:
    """This will draw who is reached in which wave, 0 first: waves equal to within one partner.

    >>> draw_wait_list(5, waves=2, rng=np.random.default_rng(1)).tolist().count(1)
    2
    """
    if not 2 <= waves <= max(partners, 1):
        raise ValueError(f"a wait list of {partners} partners cannot have {waves} waves")
    order = np.empty(partners, np.int64)
    order[rng.permutation(partners)] = np.arange(partners) % waves
    return order


def effect(
    answers: Answers,
    *,
    starts: Floats,
    design: Design,
    windows: Windows | None = None,
    level: float = 0.95,
) -> Effect:
    """This will compare the partners an action has reached with those it has not reached yet.

    Parameters
    ----------
    answers : the raw answers of all partners to the items the action was to move
    starts : float array (partners,), the day it reached each partner; inf if never
    design : WAIT_LIST only if the order was drawn by chance (see draw_wait_list)
    windows : days to compare;  level : share of the interval

    Points are those of the true score: answers that stop at 10 are allowed for (room_to_move).
    With a wait list the mean afterwards is compared, corrected for the mean before (the correction
    is fitted; a random order makes it harmless). Without one, the change is compared with the
    change of the others. Days, people and items count the same on both sides; each person counts
    once per partner and window. The interval treats partners as independent.

    It misleads when the action changes who answers, when it spills over to those who wait, and,
    without a random order, whenever those reached were chosen for something the placebo can't see.

    References: Callaway, B. and Sant'Anna, P. (2021), Difference-in-differences with multiple time
    periods, Journal of Econometrics 225(2); Lin, W. (2013), Annals of Applied Statistics 7(1);
    Daw, J. and Hatfield, L. (2018), Health Services Research 53(6), on matching and regression to
    the mean.
    """
    spans = windows or Windows()
    if np.isnan(starts).any():
        raise ValueError("a start is a day, or inf for never: NaN")
    even = evened(answers, starts)
    room = room_to_move(answers.value)
    adjust = design is Design.WAIT_LIST
    measured = compare(
        even, starts, starts, before=spans.before, after=spans.after, level=level, adjust=adjust
    )
    placebo = compare(
        even,
        starts - spans.before,
        starts,
        before=spans.earlier,
        after=spans.before,
        level=PLACEBO_LEVEL[design],
        adjust=False,
    )
    return _judged(design, _opened(measured, room), _opened(placebo, room))


def _opened(found: Difference | None, room: float) -> Difference | None:
    """In points of the true score, not of answers that stop at 10."""
    if found is None:
        return None
    mean, sd, low, high = (f / room for f in (found.mean, found.sd, found.low, found.high))
    return Difference(mean, sd, low, high, found.reached, found.compared)


def _judged(design: Design, measured: Difference | None, placebo: Difference | None) -> Effect:
    def silent(reason: str, shown: Difference | None = None) -> Effect:
        return Effect(design, Verdict.CANNOT_SAY, shown, placebo, reason)

    if measured is None:
        return silent(f"fewer than {FEWEST} partners on one side answered before and after")
    if placebo is not None and not placebo.low <= 0.0 <= placebo.high:
        moved = "better" if placebo.mean > 0 else "worse"
        return silent(f"those reached were already getting {moved} before it began")
    if design is Design.COMPARISON and placebo is None:
        return silent("too few answers before it began to check the comparison")
    if design is Design.COMPARISON and placebo is not None and placebo.sd > PLACEBO_WIDEST:
        return silent("too few answers before it began to check the comparison")
    if measured.low > 0.0:
        verdict = Verdict.BETTER
    elif measured.high < 0.0:
        verdict = Verdict.WORSE
    else:
        verdict = Verdict.NO_EFFECT_VISIBLE
    return Effect(design, verdict, measured, placebo, "")
