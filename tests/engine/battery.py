"""What every estimator must get right, whatever is inside it: one battery for all of them.

An estimator is a function from answers (points 0-10, one rater each) and a level to a figure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean and a range on the estimator's own scale, which ends at ``lowest`` and ``highest``."""

    mean: float
    low: float
    high: float
    lowest: float = 0.0
    highest: float = 10.0


Estimator = Callable[[Sequence[float], float], Figure]
SOME = [8.0, 6.0, 7.0, 9.0, 5.0]


def check(estimate: Estimator) -> None:
    """This will run all checks; a failing one names itself in the traceback."""
    _range_holds_the_mean_and_stays_on_the_scale(estimate)
    _more_certainty_needs_a_wider_range(estimate)
    _more_answers_narrow_the_range(estimate)
    _better_answers_never_lower_the_figure(estimate)
    _the_same_answers_give_the_same_figure(estimate)


def _range_holds_the_mean_and_stays_on_the_scale(estimate: Estimator) -> None:
    for answers in ([0.0], [10.0], [10.0] * 40, [0.0] * 40, SOME):
        one = estimate(answers, 0.9)
        assert one.lowest <= one.low <= one.mean <= one.high <= one.highest, (answers, one)


def _more_certainty_needs_a_wider_range(estimate: Estimator) -> None:
    narrow, wide = estimate(SOME, 0.8), estimate(SOME, 0.95)
    assert wide.low < narrow.low
    assert wide.high > narrow.high


def _more_answers_narrow_the_range(estimate: Estimator) -> None:
    few, many = estimate(SOME, 0.9), estimate(SOME * 8, 0.9)
    assert many.high - many.low < few.high - few.low


def _better_answers_never_lower_the_figure(estimate: Estimator) -> None:
    for place in range(len(SOME)):
        better = [*SOME[:place], min(10.0, SOME[place] + 2), *SOME[place + 1 :]]
        assert estimate(better, 0.9).mean >= estimate(SOME, 0.9).mean


def _the_same_answers_give_the_same_figure(estimate: Estimator) -> None:
    assert estimate(SOME, 0.9) == estimate(list(SOME), 0.9)
