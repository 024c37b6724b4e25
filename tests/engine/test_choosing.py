import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerloop.engine.choosing import (
    Candidates,
    Policy,
    choose,
    draw_systematic,
    propensities,
)

FLOORS_ONLY = Policy(sharpness=3.0, cell_ratio=None)


def candidates(seed: int, size: int = 120, **columns: np.ndarray) -> Candidates:
    """A program of about three contacts per partner, nobody overdue."""
    rng = np.random.default_rng(seed)
    partner = np.sort(rng.integers(0, max(size // 3, 1), size))
    full = {
        "partner": partner,
        "role": rng.integers(0, 3, size),
        "segment": rng.integers(0, 2, size),
        "gain": rng.lognormal(0, 0.8, size),
        "response": rng.uniform(0.1, 0.5, size),
        "weight": rng.lognormal(0, 1.5, size),
        "wait": rng.uniform(7, 50, size // 3 + 1)[partner],
        "silent": rng.random(size) < 1 / 3,
    }
    return Candidates(**{**full, **columns})


def frequencies(chances: np.ndarray, group: np.ndarray, draws: int) -> np.ndarray:
    rng = np.random.default_rng(8)
    count = np.zeros(chances.size)
    for _ in range(draws):
        count[draw_systematic(chances, group=group, rng=rng)] += 1
    return count / draws


@pytest.mark.parametrize("policy", [Policy(), FLOORS_ONLY])
def test_contacts_are_asked_as_often_as_their_propensity_says(policy: Policy) -> None:
    who = candidates(1, size=40)
    chances = choose(who, budget=9, rng=np.random.default_rng(1), policy=policy).propensity
    count, draws = np.zeros(40), 500
    for seed in range(draws):
        count[choose(who, budget=9, rng=np.random.default_rng(seed), policy=policy).chosen] += 1
    error = np.sqrt(chances * (1 - chances) / draws) + 1e-9
    assert np.abs((count / draws - chances) / error).max() < 4.5


def test_a_systematic_draw_keeps_given_chances() -> None:
    chances = np.array([0.9, 0.1, 0.5, 0.3, 0.2, 1.0])
    seen = frequencies(chances, np.array([0, 0, 1, 1, 1, 2]), 4000)
    assert np.abs(seen - chances).max() < 0.035


def test_a_partner_whose_chances_sum_to_one_gets_exactly_one_ask() -> None:
    chances = np.array([0.3, 0.3, 0.4, 0.5, 0.25, 0.25])
    group = np.array([0, 0, 0, 1, 2, 2])
    for seed in range(200):
        chosen = draw_systematic(chances, group=group, rng=np.random.default_rng(seed))
        assert (group[chosen] == 0).sum() == 1
        assert chosen.size == 2


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 90), st.integers(1, 95), st.booleans())
def test_propensities_are_chances_that_sum_to_the_budget(
    seed: int, size: int, budget: int, bounds: bool
) -> None:
    who = candidates(seed, size=size)
    policy = Policy() if bounds else FLOORS_ONLY
    draw = choose(who, budget=budget, rng=np.random.default_rng(seed), policy=policy)
    asked = min(budget, size)
    assert draw.propensity.sum() == pytest.approx(asked, abs=1e-6)
    assert draw.propensity.min() > 0
    assert draw.propensity.max() <= 1 + 1e-12
    assert draw.chosen.size == np.unique(draw.chosen).size == asked


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 60))
def test_within_a_role_and_segment_no_chance_is_above_one_and_a_half_times_another(
    seed: int, budget: int
) -> None:
    who = candidates(seed)
    chances = propensities(who, budget=budget, policy=Policy())
    for role in range(3):
        for segment in range(2):
            cell = chances[(who.role == role) & (who.segment == segment)]
            assert cell.max() <= 1.5 * cell.min() + 1e-9


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_the_silent_third_is_asked_as_much_as_the_others(seed: int, bounds: bool) -> None:
    who = candidates(seed)
    teaches_little = candidates(seed, gain=np.where(who.silent, 0.05, 1.0) * who.gain)
    policy = Policy() if bounds else FLOORS_ONLY
    chances = propensities(teaches_little, budget=30, policy=policy)
    assert chances[who.silent].mean() >= 0.9 * chances.mean()


def test_every_role_is_heard_even_where_it_teaches_nothing() -> None:
    who = candidates(3)
    dull = candidates(3, gain=np.where(who.role == 1, 1e-6, who.gain))
    chances = propensities(dull, budget=20, policy=FLOORS_ONLY)
    assert chances[who.role == 1].mean() >= 0.5 * chances.mean()


def test_who_teaches_more_is_asked_more() -> None:
    who = candidates(4)
    chances = propensities(who, budget=20, policy=FLOORS_ONLY)
    worth = who.gain * who.response * who.weight**0.2
    best, worst = np.argsort(-worth)[:20], np.argsort(worth)[:20]
    assert chances[best].mean() > 4 * chances[worst].mean()


@pytest.mark.parametrize("policy", [Policy(), FLOORS_ONLY])
def test_a_partner_that_has_waited_too_long_is_asked_for_certain(policy: Policy) -> None:
    late = candidates(5, gain=np.full(120, 1.0))
    wait = np.where(np.isin(late.partner, [2, 7, 11]), 54.0, 20.0)
    dull = np.where(wait > 50, 1e-3, 1.0)
    who = candidates(5, gain=dull, wait=wait)
    for seed in range(50):
        draw = choose(who, budget=15, rng=np.random.default_rng(seed), policy=policy)
        asked = set(who.partner[draw.chosen].tolist())
        assert {2, 7, 11} <= asked
        assert draw.unmet == 0
        assert set(who.partner[draw.overdue].tolist()) == {2, 7, 11}


def test_more_overdue_partners_than_asks_are_counted_and_the_longest_waits_go_first() -> None:
    who = candidates(6, wait=60.0 + candidates(6).partner)
    draw = choose(who, budget=10, rng=np.random.default_rng(1), policy=Policy())
    partners = np.unique(who.partner)
    assert draw.unmet == partners.size - 8
    assert set(partners[-8:].tolist()) <= set(who.partner[draw.chosen].tolist())
    assert draw.propensity.min() > 0


def test_the_same_seed_asks_the_same_people() -> None:
    who = candidates(9)
    one, other = (
        choose(who, budget=12, rng=np.random.default_rng(5), policy=Policy()) for _ in range(2)
    )
    assert one.chosen.tolist() == other.chosen.tolist()


def test_a_budget_for_everybody_asks_everybody() -> None:
    draw = choose(candidates(1, 30), budget=99, rng=np.random.default_rng(1), policy=Policy())
    assert draw.chosen.size == 30
    assert (draw.propensity == 1.0).all()


def test_nobody_to_ask_is_nobody_asked() -> None:
    empty = Candidates(*(np.zeros(0, int),) * 3, *(np.zeros(0),) * 4, np.zeros(0, bool))
    draw = choose(empty, budget=5, rng=np.random.default_rng(1), policy=Policy())
    assert draw.chosen.size == 0


def test_a_negative_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        choose(candidates(1), budget=-1, rng=np.random.default_rng(1), policy=Policy())


def test_a_gain_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="gain"):
        candidates(1, gain=np.full(120, np.nan))


def test_a_floor_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="floor"):
        Policy(floor=0.0)
