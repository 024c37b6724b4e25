"""Words follow one scale, decided by the range."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerloop.engine.words import Word, word

POINTS = st.floats(0, 10)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 3, Word.LOW),
        (3.9, 3.94, Word.LOW),
        (3.9, 3.95, Word.LOW_TO_STRAINED),
        (4, 5.9, Word.STRAINED),
        (4, 6, Word.STRAINED_TO_GOOD),
        (6, 7.4, Word.GOOD),
        (6, 7.5, Word.GOOD_TO_HIGH),
        (7.5, 10, Word.HIGH),
        (3.9, 6.0, Word.TOO_EARLY),
        (5.9, 7.5, Word.TOO_EARLY),
        (0, 10, Word.TOO_EARLY),
        (0, 3.1, Word.TOO_EARLY),
        (0.9, 3.9, Word.LOW),
        (6.96, 10, Word.GOOD_TO_HIGH),
        (6.94, 10, Word.TOO_EARLY),
    ],
)
def test_it_names_a_range(low, high, expected) -> None:
    assert word(low, high) == expected


@given(POINTS, POINTS)
def test_a_range_wider_than_three_points_is_too_early_to_name(one, other) -> None:
    low, high = sorted((round(one, 1), round(other, 1)))
    if high - low > 3.05:
        assert word(low, high) is Word.TOO_EARLY


@given(POINTS)
def test_a_point_has_exactly_one_word(point) -> None:
    assert word(point, point) in (Word.LOW, Word.STRAINED, Word.GOOD, Word.HIGH)


@pytest.mark.parametrize("level", [Word.LOW, Word.STRAINED, Word.GOOD, Word.HIGH, Word.TOO_EARLY])
def test_the_lower_word_of_one_word_is_itself(level) -> None:
    assert level.lower_end is level


def test_the_lower_word_of_two_is_the_lower() -> None:
    assert Word.STRAINED_TO_GOOD.lower_end is Word.STRAINED


@pytest.mark.parametrize(("low", "high"), [(5, 4), (-0.1, 3), (9, 10.1), (math.nan, 3)])
def test_it_refuses_what_is_no_range(low, high) -> None:
    with pytest.raises(ValueError, match="not a range"):
        word(low, high)
