"""Signs of a sudden change in what a partner's people answer, as they would have been read then.

Answers are whitened: each minus what all earlier ones let expect of it, in standard deviations.
Then every week of the last ninety days is asked how much likelier the answers are if the level
moved at that time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from partnerloop.engine.interface import Floats, Hyperparameters, Ints, Layout, Observation
from partnerloop.engine.kalman import Dynamics

# Steps are looked for on this grid, so far back (days).
STEP, BACK = 7.0, 90.0
# What a drop is like before any answer: mean and variance of its size, points; how often, a year.
DROP, DROP_VARIANCE, DROPS_A_YEAR = -1.0, 1.0, 0.2


@dataclass(frozen=True, eq=False)
class Heard:
    """One partner's observations in order of days; arrays (n,).

    day : float;  metric : int, item of the layout;  value : float, points 0-10
    rater : int, any number per person, -1 for an atom;  role : int, -1 if unknown
    people : float, how many an atom averages (1 for a person);  blur_sd : float, points
    """

    day: Floats
    metric: Ints
    value: Floats
    rater: Ints
    role: Ints
    people: Floats
    blur_sd: Floats

    def __post_init__(self) -> None:
        if (np.diff(self.day) < 0).any():
            raise ValueError("observations must be in order of days")

    @classmethod
    def of(cls, observations: Sequence[Observation]) -> Self:
        """This will lay out one partner's observations; those of one day keep their order."""
        ordered = sorted(observations, key=lambda one: one.day)
        names: dict[str, int] = {}
        return cls(
            day=np.array([o.day for o in ordered], float),
            metric=np.array([o.metric for o in ordered], np.int64),
            value=np.array([o.value for o in ordered], float),
            rater=np.array(
                [-1 if o.rater is None else names.setdefault(o.rater, len(names)) for o in ordered],
                np.int64,
            ),
            role=np.array([-1 if o.role is None else o.role for o in ordered], np.int64),
            people=np.array([o.people for o in ordered], float),
            blur_sd=np.array([o.blur_sd for o in ordered], float),
        )


@dataclass(frozen=True, eq=False)
class Signs:
    """What an observer would have known after each observation, nothing later; arrays (n,).

    drop, rise : log odds that the level dropped (rose) within the last 90 days, by any size of
    that sign: a large drop must not pass for a rise, nor the other way
    size : expected size of the drop, points;  since : day from which it is likeliest
    surprise : this answer less what was expected of it, standard deviations
    """

    day: Floats
    drop: Floats
    rise: Floats
    size: Floats
    since: Floats
    surprise: Floats


def read_signs(heard: Heard, *, segment: int, layout: Layout, hyper: Hyperparameters) -> Signs:
    """This will compute the signs after every observation of one partner.

    Costs about a millisecond for a hundred observations (a Cholesky factor of their covariance):
    leave out what is older than 400 days. Assumes the model of docs/methods/model.md with normal
    answers, and a step in all metrics alike; a drop in one metric of seven must be large to show.
    People who grow harsher look like a partner that gets worse.

    References: Willsky, A. and Jones, H. (1976), IEEE Transactions on Automatic Control 21(1),
    108-112 (likelihood ratios on innovations).
    """
    if heard.day.size == 0:
        return Signs(*(np.zeros(0) for _ in range(6)))
    steps = np.arange(heard.day[0], heard.day[-1] + STEP, STEP)
    surprises, traces = _whitened(heard, Dynamics.of(layout, hyper, segment=segment), steps)
    match = np.cumsum(surprises[:, None] * traces, axis=0)
    weight = np.cumsum(traces**2, axis=0)
    recent = (steps <= heard.day[:, None]) & (steps > heard.day[:, None] - BACK)
    down = np.where(recent, _step_odds(match, weight, DROP), -np.inf)
    up = np.where(recent, _step_odds(match, weight, -DROP), -np.inf)
    best = down.argmax(axis=1)
    rows = np.arange(best.size)
    known = weight[rows, best] + 1 / DROP_VARIANCE
    return Signs(
        day=heard.day,
        drop=_any_step(down),
        rise=_any_step(up),
        size=(match[rows, best] + DROP / DROP_VARIANCE) / known,
        since=steps[best],
        surprise=surprises,
    )


def _whitened(heard: Heard, dynamics: Dynamics, steps: Floats) -> tuple[Floats, Floats]:
    """Surprises (n,), and what a step of one point on each day would add to them (n, steps).

    One triangular solve whitens all: row i of the inverse of a Cholesky factor uses the first i
    observations only.
    """
    metrics = len(dynamics.mu)
    direct = heard.metric < metrics
    asks = np.zeros((heard.day.size, metrics))
    asks[~direct] = dynamics.weights
    asks[direct, heard.metric[direct]] = 1.0
    residual = heard.value - asks @ dynamics.mu - dynamics.offsets[heard.role, heard.metric]
    apart = np.abs(heard.day[:, None] - heard.day)
    cov = (asks @ dynamics.prior @ asks.T) * np.exp(-apart / dynamics.tau)
    same = (heard.rater[:, None] == heard.rater) & (heard.rater >= 0)
    cov += same * dynamics.leniency * np.exp(-apart / dynamics.leniency_tau)
    atom = heard.rater < 0
    noise = dynamics.noise[heard.metric] + atom * dynamics.leniency
    cov[np.diag_indices(heard.day.size)] += noise / heard.people + heard.blur_sd**2
    after = (heard.day[:, None] >= steps).astype(float)
    whole = np.concatenate((residual[:, None], after), axis=1)
    white = np.linalg.solve(np.linalg.cholesky(cov), whole)
    return white[:, 0], white[:, 1:]


def _step_odds(match: Floats, weight: Floats, size: float) -> Floats:
    """Log likelihood ratio of a step of unknown size around `size`, and of its sign, to none."""
    told = match + size / DROP_VARIANCE
    known = weight + 1 / DROP_VARIANCE
    fit = (told**2 / known - size**2 / DROP_VARIANCE) / 2
    ratio = fit - np.log1p(DROP_VARIANCE * weight) / 2
    return np.asarray(ratio + _log_normal(np.sign(size) * told / np.sqrt(known)), float)


def _log_normal(z: Floats) -> Floats:
    """Log of the normal distribution function, to 2e-4 of the function between -3 and 3.

    References: Bowling, S. R. et al. (2009), Journal of Industrial Engineering and Management
    2(1), 114-127.
    """
    return np.asarray(-np.logaddexp(0.0, -(1.5976 * z + 0.07056 * z**3)), float)


def _any_step(odds: Floats) -> Floats:
    best = odds.max(axis=1)
    rate = np.log(DROPS_A_YEAR * STEP / 365.0)
    return np.asarray(best + np.log(np.exp(odds - best[:, None]).sum(axis=1)) + rate, float)
