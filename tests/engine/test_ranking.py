import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerloop.engine.ranking import Tier, better_by_chance, rank, told_apart


def program(seed: int, partners: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True scores, and the posterior means and sds of a well specified model."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(6.5, 0.9, partners)
    noise = rng.uniform(0.2, 1.2, partners)
    share = 0.81 / (0.81 + noise**2)
    seen = truth + noise * rng.standard_normal(partners)
    return truth, 6.5 + share * (seen - 6.5), np.sqrt(0.81 * (1 - share))


def places(truth: np.ndarray) -> np.ndarray:
    found = np.empty(truth.size, int)
    found[np.argsort(-truth)] = np.arange(1, truth.size + 1)
    return found


def test_rank_intervals_hold_the_true_rank_as_often_as_they_say() -> None:
    inside = []
    for seed in range(3):
        truth, mean, sd = program(seed, 300)
        ranks = rank(mean, sds=sd, rng=np.random.default_rng(seed), draws=500)
        inside += [r.low <= t <= r.high for r, t in zip(ranks, places(truth), strict=True)]
    assert 0.86 < np.mean(inside) < 0.94


def test_the_chance_to_be_in_the_top_decile_is_calibrated() -> None:
    said, true = [], []
    for seed in range(8):
        truth, mean, sd = program(seed, 300)
        ranks = rank(mean, sds=sd, rng=np.random.default_rng(seed), draws=300)
        said += [r.top_decile for r in ranks]
        true += list(places(truth) <= 30)
    chance, top = np.array(said), np.array(true)
    for low, high in ((0.05, 0.3), (0.3, 0.6), (0.6, 1.0)):
        among = (chance >= low) & (chance < high)
        assert abs(chance[among].mean() - top[among].mean()) < 0.07


def test_partners_that_are_all_alike_have_no_tier() -> None:
    ranks = rank([6.0] * 40, sds=[0.5] * 40, rng=np.random.default_rng(1), draws=400)
    assert {r.tier for r in ranks} == {Tier.CANNOT_BE_TOLD}
    assert all(r.high - r.low > 30 for r in ranks)


def test_the_same_seed_gives_the_same_ranks() -> None:
    _, mean, sd = program(4, 50)
    one, other = (rank(mean, sds=sd, rng=np.random.default_rng(7), draws=50) for _ in range(2))
    assert one == other


def test_no_partners_have_no_ranks() -> None:
    assert rank([], sds=[], rng=np.random.default_rng(1)) == []


def test_a_partner_without_an_estimate_is_refused() -> None:
    with pytest.raises(ValueError, match="no rank"):
        rank([5.0, np.nan], sds=[1.0, 1.0], rng=np.random.default_rng(1))


def test_a_negative_spread_is_refused_with_its_value() -> None:
    with pytest.raises(ValueError, match=r"-0\.5"):
        told_apart([5.0], sds=[-0.5])


@given(st.floats(0, 10), st.floats(0.01, 3), st.floats(0, 10), st.floats(0.01, 3))
def test_one_of_two_partners_is_better(a: float, sa: float, b: float, sb: float) -> None:
    assert better_by_chance(a, sa, b, sb) + better_by_chance(b, sb, a, sa) == pytest.approx(1.0)


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0.01, 2)), min_size=1, max_size=25))
def test_a_partner_stands_inside_its_own_stretch(rows: list[tuple[float, float]]) -> None:
    mean, sd = (np.array(column) for column in zip(*rows, strict=True))
    found = told_apart(mean, sds=sd)
    order = np.argsort(-mean, kind="stable")
    for place, p in enumerate(order, start=1):
        assert found[p].first <= place <= found[p].last


def test_two_clearly_different_partners_are_told_apart_and_equal_ones_are_not() -> None:
    found = told_apart([5.0, 9.0, 5.1], sds=[0.3, 0.3, 0.3])
    assert (found[1].first, found[1].last) == (1, 1)
    assert (found[0].first, found[0].last) == (found[2].first, found[2].last) == (2, 3)


def test_two_partners_known_exactly_are_ordered() -> None:
    assert better_by_chance(5.0, 0.0, 4.0, 0.0) == 1.0
    assert better_by_chance(5.0, 0.0, 5.0, 0.0) == 0.5
