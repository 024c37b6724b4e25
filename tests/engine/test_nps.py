import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.nps import SHARES, coverage, exact_coverage
from partnerloop.engine.nps import (
    NpsCounts,
    NpsPrior,
    compare_nps,
    count_ratings,
    fit_prior,
    nps,
)

counts = st.integers(0, 60)


def columns(*table: tuple[int, int, int]) -> NpsCounts:
    return NpsCounts(*np.array(table).T)


def test_a_partner_of_five_promoters_and_two_detractors_in_ten_has_a_score_of_thirty() -> None:
    found = nps(5, 3, 2)
    assert found.mean == pytest.approx(0.3)
    # by hand: (5.75 - 2.75) / 13 and its standard error
    assert (found.low + found.high) / 2 == pytest.approx(3 / 13)
    assert (found.high - found.low) / 2 == pytest.approx(
        1.959964 * np.sqrt((8.5 / 13 - (3 / 13) ** 2) / 13)
    )


@given(counts, counts, counts)
def test_swapping_promoters_and_detractors_mirrors_the_interval(a: int, b: int, c: int) -> None:
    if a + b + c == 0:
        return
    one, other = nps(a, b, c), nps(c, b, a)
    assert one.mean == pytest.approx(-other.mean)
    assert one.low == pytest.approx(-other.high)
    assert -1 <= one.low <= one.mean <= one.high <= 1


@given(counts, counts, counts)
def test_ten_times_the_answers_narrow_the_interval(a: int, b: int, c: int) -> None:
    if a + b + c == 0:
        return
    few, many = nps(a, b, c), nps(10 * a, 10 * b, 10 * c)
    assert many.high - many.low < few.high - few.low


def test_coverage_by_enumeration_keeps_its_promise() -> None:
    rows = {row.n: row for row in coverage((5, 6, 7, 8, 9, 10, 12, 15, 20))}
    for n, row in rows.items():
        assert row.adjusted >= (0.92 if n < 7 else 0.94), n
        assert row.adjusted_worst >= 0.88, n
        assert row.adjusted > row.wald


def test_the_enumeration_sums_to_one() -> None:
    for p, d in SHARES:
        assert exact_coverage(7, p, d, lambda *_: (-1.0, 1.0)) == pytest.approx(1.0)


def test_no_answers_have_no_score() -> None:
    with pytest.raises(ValueError, match="no answers"):
        nps(0, 0, 0)


def test_a_rating_above_ten_is_refused_with_its_value() -> None:
    with pytest.raises(ValueError, match="11"):
        count_ratings([4, 11], partner=[0, 0], partners=1)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        columns((1, -1, 0))


def test_a_small_partner_is_drawn_to_the_whole_and_a_large_one_is_not() -> None:
    table = [(3, 0, 0), (300, 0, 0)] + [(8, 6, 6)] * 40
    small, large, *_ = compare_nps(columns(*table))
    assert small.mean < 0.5 < 0.85 < large.mean


def test_the_prior_finds_how_much_partners_differ() -> None:
    rng = np.random.default_rng(5)
    shares = rng.dirichlet([6, 4, 2], 2000)
    table = rng.multinomial(np.full(2000, 12), shares)
    prior = fit_prior(NpsCounts(*table.T))
    assert prior.strength == pytest.approx(12, rel=0.2)
    assert prior.shares == pytest.approx((0.5, 1 / 3, 1 / 6), abs=0.02)


def test_partners_without_answers_show_what_such_partners_are_like() -> None:
    prior = NpsPrior((0.5, 0.3, 0.2), 10.0)
    unheard = compare_nps(columns((0, 0, 0)), prior=prior)[0]
    assert unheard.answers == 0
    assert unheard.mean == pytest.approx(0.3)


def test_nobody_at_all_gives_a_prior_that_says_nothing() -> None:
    assert fit_prior(columns((0, 0, 0))).shares == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_comparing_covers_the_truth_of_partners_with_few_answers() -> None:
    rng = np.random.default_rng(9)
    shares = rng.dirichlet([6, 4, 2], 1500)
    table = rng.multinomial(np.full(1500, 6), shares)
    truth = shares[:, 0] - shares[:, 2]
    found = compare_nps(NpsCounts(*table.T))
    inside = np.mean([f.low <= t <= f.high for f, t in zip(found, truth, strict=True)])
    assert 0.93 < inside < 0.98
