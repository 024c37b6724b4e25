"""Places in an order of uncertain figures: ranges, because most neighbours can't be told apart."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from partnerloop.core.words import Figure


@dataclass(frozen=True, slots=True)
class Place:
    """Between which places a figure lies, 1 being the highest."""

    first: int
    last: int

    @property
    def words(self) -> str:
        """Return the range as it is printed: 3 to 19."""
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


def places_of(figures: Sequence[Figure]) -> list[Place]:
    """This will count, for each figure, those surely above and surely below: ranges apart.

    >>> wide, high = Figure(5.0, 3.0, 7.0), Figure(8.0, 7.5, 8.5)
    >>> [place.words for place in places_of([wide, high, Figure(6.0, 5.5, 6.5)])]
    ['2 to 3', '1', '2 to 3']
    """
    lows = sorted(figure.low for figure in figures)
    highs = sorted(figure.high for figure in figures)
    count = len(figures)
    return [
        Place(
            first=1 + count - bisect_right(lows, figure.high),
            last=count - bisect_left(highs, figure.low),
        )
        for figure in figures
    ]


def unsure_neighbours(figures: Sequence[Figure]) -> int:
    """This will count the neighbours of a sorted list whose ranges overlap."""
    pairs = pairwise(figures)
    return sum(one.low <= other.high and other.low <= one.high for one, other in pairs)
