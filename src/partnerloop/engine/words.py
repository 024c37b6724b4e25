"""One scale of words for every figure, decided by its range and never by its mean."""

import math
from enum import StrEnum


class Word(StrEnum):
    """What a figure may be called: one word, two neighbours, or nothing yet."""

    LOW = "low"
    LOW_TO_STRAINED = "low_to_strained"
    STRAINED = "strained"
    STRAINED_TO_GOOD = "strained_to_good"
    GOOD = "good"
    GOOD_TO_HIGH = "good_to_high"
    HIGH = "high"
    TOO_EARLY = "too_early"

    @property
    def lower_end(self) -> "Word":
        """The word of the lower end: what has to be reckoned with."""
        return _LOWER.get(self, self)


_LOWER = {
    Word.LOW_TO_STRAINED: Word.LOW,
    Word.STRAINED_TO_GOOD: Word.STRAINED,
    Word.GOOD_TO_HIGH: Word.GOOD,
}
_NEIGHBOURS = {
    (Word.LOW, Word.STRAINED): Word.LOW_TO_STRAINED,
    (Word.STRAINED, Word.GOOD): Word.STRAINED_TO_GOOD,
    (Word.GOOD, Word.HIGH): Word.GOOD_TO_HIGH,
}
# Tenths of a point: whole numbers, so that 5.9 and 6.0 are never a rounding error apart.
_STARTS = ((75, Word.HIGH), (60, Word.GOOD), (40, Word.STRAINED))
_WIDEST = 30


def word(low: float, high: float) -> Word:
    """This will name a range in words.

    Parameters
    ----------
    low, high : float
        Ends of the range shown (90 %), points 0-10; rounded here to 0.1 first, as on screen.

    Below 4 is *low*, 4-5.9 *strained*, 6-7.4 *good*, 7.5 and up *high*. A range in two neighbouring
    words carries both; any other, or one wider than 3 points, is too early to name.

    Misleads when the range does: a range that is too narrow gets a word too early.

    >>> word(6.1, 7.4).value, word(5.9, 6.3).value, word(3.8, 6.2).value
    ('good', 'strained_to_good', 'too_early')
    >>> word(5.96, 7.0).value
    'good'
    """
    if math.isnan(low) or math.isnan(high) or not 0 <= low <= high <= 10:
        raise ValueError(f"not a range within 0-10: {low} to {high}")
    first, last = _tenths(low), _tenths(high)
    if last - first > _WIDEST:
        return Word.TOO_EARLY
    if _level(first) == _level(last):
        return _level(first)
    return _NEIGHBOURS.get((_level(first), _level(last)), Word.TOO_EARLY)


def _tenths(points: float) -> int:
    return math.floor(points * 10 + 0.5 + 1e-9)


def _level(tenths: int) -> Word:
    return next((level for start, level in _STARTS if tenths >= start), Word.LOW)
