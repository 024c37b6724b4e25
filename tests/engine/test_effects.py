import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerloop.engine.effects import (
    Answers,
    Design,
    Verdict,
    Windows,
    draw_wait_list,
    effect,
)

START = 400.0


def program(
    seed: int,
    *,
    starts: np.ndarray,
    shift: float = 0.0,
    fall: np.ndarray | None = None,
    level: np.ndarray | None = None,
) -> Answers:
    """A year and a half of monthly answers by three people per partner; `fall` before the start."""
    rng = np.random.default_rng(seed)
    partners = starts.size
    who = np.repeat(np.arange(partners * 3), 18)
    day = np.tile(np.arange(18) * 30.0, partners * 3) + rng.uniform(0, 30, who.size)
    partner = who // 3
    value = 6.5 + rng.normal(0, 0.7, partners * 3)[who] + rng.normal(0, 1.0, who.size)
    value += shift * (day >= starts[partner])
    if level is not None:
        value += level[partner]
    if fall is not None:
        value -= fall[partner] * np.clip((day - START + 90) / 90, 0, 1)
    keep = rng.random(who.size) < 0.5
    item = who % 2
    return Answers(partner[keep], who[keep], item[keep], day[keep], value[keep])


def half(partners: int, seed: int = 1) -> np.ndarray:
    wave = draw_wait_list(partners, waves=2, rng=np.random.default_rng(seed))
    return np.where(wave == 0, START, np.inf)


def test_a_drawn_order_finds_an_effect_of_eight_tenths() -> None:
    starts = half(120)
    found = effect(program(1, starts=starts, shift=0.8), starts=starts, design=Design.WAIT_LIST)
    assert found.verdict is Verdict.BETTER
    assert found.measured is not None
    assert found.measured.low < 0.8 < found.measured.high
    assert (found.measured.reached, found.measured.compared) == (60, 60)


def test_no_effect_is_called_no_effect_visible() -> None:
    quiet = 0
    for seed in range(20):
        starts = half(80, seed)
        found = effect(program(seed, starts=starts), starts=starts, design=Design.WAIT_LIST)
        quiet += found.verdict is Verdict.NO_EFFECT_VISIBLE
    assert quiet >= 17


def test_the_interval_of_a_drawn_order_holds() -> None:
    inside = 0
    for seed in range(40):
        starts = half(60, seed)
        answers = program(seed, starts=starts, shift=0.5)
        found = effect(answers, starts=starts, design=Design.WAIT_LIST).measured
        assert found is not None
        inside += found.low <= 0.5 <= found.high
    assert inside >= 35


def test_partners_chosen_because_they_fell_get_no_answer() -> None:
    fall = np.where(np.arange(120) < 30, 1.2, 0.0)
    starts = np.where(fall > 0, START, np.inf)
    found = effect(program(3, starts=starts, fall=fall), starts=starts, design=Design.COMPARISON)
    assert found.verdict is Verdict.CANNOT_SAY
    assert "getting worse before" in found.reason
    assert found.placebo is not None
    assert found.placebo.high < 0


def test_partners_that_are_only_better_on_the_whole_can_be_compared() -> None:
    answered = 0
    for seed in range(20):
        level = np.where(np.arange(120) < 30, 1.5, 0.0)
        starts = np.where(level > 0, START, np.inf)
        answers = program(seed, starts=starts, shift=0.6, level=level)
        found = effect(answers, starts=starts, design=Design.COMPARISON)
        answered += found.verdict is not Verdict.CANNOT_SAY
    assert answered >= 12


def test_three_waves_use_those_who_still_wait() -> None:
    wave = draw_wait_list(90, waves=3, rng=np.random.default_rng(2))
    starts = 200.0 + 130.0 * wave
    found = effect(program(5, starts=starts, shift=0.7), starts=starts, design=Design.WAIT_LIST)
    assert found.measured is not None
    # the last wave has nobody left to be compared with
    assert (found.measured.reached, found.measured.compared) == (60, 60)
    assert found.measured.low < 0.7 < found.measured.high


def test_too_few_partners_are_said_to_be_too_few() -> None:
    starts = np.where(np.arange(40) < 3, START, np.inf)
    found = effect(program(1, starts=starts), starts=starts, design=Design.WAIT_LIST)
    assert found.measured is None
    assert found.reason.startswith("fewer than 5 partners")


def test_an_action_nobody_was_reached_by_gives_no_answer() -> None:
    starts = np.full(30, np.inf)
    found = effect(program(1, starts=starts), starts=starts, design=Design.COMPARISON)
    assert found.verdict is Verdict.CANNOT_SAY


def test_a_new_question_that_scores_lower_is_no_effect() -> None:
    """After the start everybody is asked a harsher item; its level must not count as a change."""
    starts = half(100)
    answers = program(7, starts=starts)
    late = answers.day >= START
    harsher = Answers(
        answers.partner,
        answers.rater,
        np.where(late, 2, answers.item),
        answers.day,
        answers.value - 1.5 * late,
    )
    found = effect(harsher, starts=starts, design=Design.WAIT_LIST)
    assert found.verdict is Verdict.NO_EFFECT_VISIBLE


@settings(max_examples=15, deadline=None)
@given(st.floats(-3, 3))
def test_shifting_every_answer_leaves_the_evidence_as_it_is(shift: float) -> None:
    starts = half(40)
    plain = program(2, starts=starts, shift=0.5)
    moved = Answers(plain.partner, plain.rater, plain.item, plain.day, plain.value + shift)
    one, other = (
        effect(a, starts=starts, design=Design.COMPARISON).placebo for a in (plain, moved)
    )
    assert one is not None
    assert other is not None
    assert one.mean / one.sd == pytest.approx(other.mean / other.sd)


@given(st.integers(2, 60), st.integers(0, 2**31))
def test_waves_of_a_wait_list_are_equally_large(partners: int, seed: int) -> None:
    waves = min(3, partners)
    drawn = draw_wait_list(partners, waves=waves, rng=np.random.default_rng(seed))
    sizes = np.bincount(drawn, minlength=waves)
    assert sizes.sum() == partners
    assert sizes.max() - sizes.min() <= 1


def test_everybody_may_be_first_on_a_wait_list() -> None:
    first = np.zeros(6)
    for seed in range(600):
        first += draw_wait_list(6, waves=3, rng=np.random.default_rng(seed)) == 0
    assert first.min() > 150
    assert first.max() < 250


def test_a_wait_list_longer_than_its_partners_is_refused() -> None:
    with pytest.raises(ValueError, match="3 waves"):
        draw_wait_list(2, waves=3, rng=np.random.default_rng(1))


def test_a_window_without_days_is_refused() -> None:
    with pytest.raises(ValueError, match="needs days"):
        Windows(before=0)


def test_an_unknown_value_is_refused() -> None:
    one = np.zeros(1, int)
    with pytest.raises(ValueError, match="leave out"):
        Answers(one, one, one, np.zeros(1), np.array([np.nan]))


def test_columns_of_different_length_are_refused() -> None:
    one = np.zeros(1, int)
    with pytest.raises(ValueError, match="differ in length"):
        Answers(one, one, one, np.zeros(2), np.zeros(1))
