"""The mean of many partners: its range holds on worlds it was not made on."""

import numpy as np
import pytest

from partnerloop.engine.pooling import pooled_mean


@pytest.mark.parametrize("evidence", [(4, 4), (1, 12), (1, 3)])
def test_the_range_holds_nine_times_out_of_ten(evidence: tuple[int, int]) -> None:
    """Partners with equal and with very uneven numbers of answers, scored by empirical Bayes."""
    rng = np.random.default_rng(20261122)
    held = 0
    for _ in range(400):
        truth = rng.normal(6.5, 1.0, 60)
        answers = rng.integers(evidence[0], evidence[1] + 1, 60)
        noise = 2.0 / np.sqrt(answers)
        seen = truth + rng.normal(0, 1, 60) * noise
        centre = np.average(seen, weights=1 / (1 + noise**2))
        share = 1 / (1 + noise**2)
        told = pooled_mean(centre + share * (seen - centre), sds=np.sqrt(1 - share), population=60)
        held += abs(told.mean - truth.mean()) <= 1.6449 * told.sd
    assert 0.86 <= held / 400 <= 0.96


def test_it_refuses_nothing_and_a_population_smaller_than_itself() -> None:
    with pytest.raises(ValueError, match="0 means"):
        pooled_mean([], sds=[], population=3)
    with pytest.raises(ValueError, match="population of 1"):
        pooled_mean([6.0, 7.0], sds=[0.5, 0.5], population=1)


def test_partners_without_a_figure_widen_the_range() -> None:
    means, sds = [6.0, 7.0, 8.0, 6.5], [0.6] * 4
    widths = [pooled_mean(means, sds=sds, population=size).sd for size in (4, 8, 40)]
    assert widths == sorted(widths)
