from collections.abc import Sequence

import pytest

from partnerloop.engine import Estimate, FilterModel, Hyperparameters, Layout, Observation
from tests.engine.battery import Estimator, Figure, check

MODEL = FilterModel(Layout(), Hyperparameters.default(Layout()))


def _observations(answers: Sequence[float], item: int) -> list[Observation]:
    return [Observation(float(n), item, v, rater=f"p{n % 7}") for n, v in enumerate(answers)]


def _figure(one: Estimate) -> Figure:
    return Figure(one.mean, one.low, one.high)


def metric(answers: Sequence[float], level: float) -> Figure:
    state = MODEL.rescore(0, observations=_observations(answers, 2), at=60)
    return _figure(MODEL.estimate(state, at=60, level=level).metrics[2])


def composite_of_dimensions(answers: Sequence[float], level: float) -> Figure:
    state = MODEL.rescore(0, observations=_observations(answers, 0), at=60)
    return _figure(MODEL.estimate(state, at=60, level=level).composite)


def composite_of_overall_items(answers: Sequence[float], level: float) -> Figure:
    state = MODEL.rescore(0, observations=_observations(answers, 7), at=60)
    return _figure(MODEL.estimate(state, at=60, level=level).composite)


def trend(answers: Sequence[float], level: float) -> Figure:
    looked = MODEL.history(0, observations=_observations(answers, 2), days=[0.5], level=level)
    return _figure(looked[0].metrics[2])


@pytest.mark.parametrize(
    "estimate",
    [metric, composite_of_dimensions, composite_of_overall_items, trend],
    ids=lambda estimate: estimate.__name__,
)
def test_it_passes_the_battery(estimate: Estimator) -> None:
    check(estimate)
