"""Figures: cards, lines, changes. Exactly one of figure, like or hidden carries a metric."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from partnerloop.core.words import Figure, one_decimal
from partnerloop.web.charts import Event, Moment, Scale
from partnerloop.web.components.people import Said, Who

Direction = Literal["up", "down", "flat"]


@dataclass(frozen=True, slots=True)
class Move:
    """A change beyond chance in points, or None: no clear change."""

    points: float | None

    @property
    def direction(self) -> Direction:
        """Return where it went, by the printed figure."""
        if self.points is None or round(self.points, 1) == 0:
            return "flat"
        return "up" if self.points > 0 else "down"

    @property
    def word(self) -> str:
        """Return the change in words: Rose 0.4."""
        if self.direction == "flat" or self.points is None:
            return "No clear change"
        return f"{'Rose' if self.points > 0 else 'Fell'} {one_decimal(abs(self.points))}"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A figure that may not be shown: why, and what stands in. `key` is unique on the page."""

    key: str
    reason: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Advised:
    """What a figure says and the one thing to do about it."""

    says: str = ""
    do: str = ""


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """A metric on the first screen. Exactly one of figure, like or hidden carries it."""

    name: str
    url: str = ""
    note: str = ""
    figure: Figure | None = None
    like: Figure | None = None
    hidden: str = ""
    move: Move | None = None
    moments: Sequence[Moment] = ()
    scale: Scale | None = None
    advice: Advised = field(default_factory=Advised)
    basis: str = ""


@dataclass(frozen=True, slots=True)
class MetricLine:
    """A metric in the scorecard of a partner, one line on wide screens."""

    name: str
    note: str = ""
    figure: Figure | None = None
    peer: Figure | None = None
    like: Figure | None = None
    hidden: str = ""
    moments: Sequence[Moment] = ()
    events: Sequence[Event] = ()
    scale: Scale | None = None
    people: str = ""
    advice: Advised = field(default_factory=Advised)
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure at a time: before or now."""

    label: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed beyond chance: finding, before and after, words, one action."""

    headline: str
    url: str
    metric: str
    move: Move | None
    before: Reading | None
    after: Reading
    about: Sequence[str] = ()
    basis: str = ""
    quotes: Sequence[Said] = ()
    suggestion: str = ""
    context: str = ""
    owner: Who | None = None
    take_url: str = ""
    dismiss_url: str = ""
    growth: str = ""
