"""Loops: the strip of six steps."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loop:
    """An objective being worked, as a card of the strip."""

    title: str
    url: str
    line: str
    blocked_by: str = ""


@dataclass(frozen=True, slots=True)
class LoopStep:
    """One of the six steps with the loops that stand at it."""

    name: str
    loops: Sequence[Loop] = ()
    shown: int = 4

    @property
    def first(self) -> Sequence[Loop]:
        """Return the cards that are drawn."""
        return self.loops[: self.shown]

    @property
    def rest(self) -> int:
        """Return how many more stand at this step."""
        return max(0, len(self.loops) - self.shown)
