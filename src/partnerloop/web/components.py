"""What the components show: one frozen dataclass per template in templates/components.

Pages fill these from what their rooms return; a component never asks the database.
docs/reference/components.md shows one line of use for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.safestring import SafeString

from partnerloop.core.words import Figure, one_decimal
from partnerloop.web.charts import Event, Moment, Scale

Direction = Literal["up", "down", "flat"]


@dataclass(frozen=True, slots=True)
class Who:
    """A person (round) or a firm (square); the name is always written out."""

    name: str
    note: str = ""
    url: str = ""
    kind: Literal["person", "firm"] = "person"

    @property
    def initials(self) -> str:
        """Return up to two letters for the round or square."""
        words = [w for w in self.name.split() if w[0].isalnum()]
        ends = words[:1] + words[1:][-1:] if self.kind == "person" else words[:2]
        return "".join(word[0] for word in ends).upper() or "?"


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
class Said:
    """What a partner wrote; the source is the smallest safe segment and week, or a name."""

    words: str
    source: str


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
    move: Move
    before: Reading
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


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A feedback item in the list."""

    status: str
    words: str
    source: str
    when: str
    url: str
    late: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread. Words of partners are set in serif."""

    author: str
    when: str
    words: str
    side: Literal["ours", "theirs"] = "ours"
    voice: Literal["vendor", "partner"] = "vendor"
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a timeline."""

    what: str
    when: str = ""
    note: str = ""
    state: Literal["done", "now", "later"] = "done"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Kind: "" words, num, lead-num (key figure on phones), full (wide)."""

    label: str
    kind: Literal["", "num", "lead-num", "full"] = ""
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""

    @property
    def classes(self) -> str:
        """Return the classes of a cell in this column."""
        return "num lead-num" if self.kind == "lead-num" else self.kind


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its name, and a cell for each column after the first."""

    name: str
    cells: Sequence[str | SafeString]
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that becomes cards on phones."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns) - 1:
                raise ValueError(f"{row.name}: {len(row.cells)} cells, not one per column")

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Column, str | SafeString]]]]:
        """Return each row with its cells beside their columns."""
        return [(row, list(zip(self.columns[1:], row.cells, strict=True))) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a long list."""

    label: str
    showing: str
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a short way through: done, now or later."""

    name: str
    state: Literal["done", "now", "later"] = "later"


@dataclass(frozen=True, slots=True)
class Field:
    """A form field without a Django form behind it; errors say how to put it right."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    error: str = ""
    autocomplete: str = ""
    options: Sequence[tuple[str, str]] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Scale0to10:
    """A rated question. Chosen is "0" to "10", "none" for can't judge, or "" for nothing yet."""

    name: str
    question: str
    low: str
    high: str
    chosen: str = ""
    hint: str = ""
    error: str = ""

    @property
    def steps(self) -> Sequence[str]:
        """Return the eleven values."""
        return STEPS


STEPS = tuple(str(n) for n in range(11))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few, with a sentence; `more` folds away what matters to few."""

    value: str
    label: str
    sentence: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """A question with radio cards. Nothing is chosen unless the person chose it before."""

    name: str
    question: str
    choices: Sequence[Choice]
    chosen: str = ""
    hint: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Pills:
    """A small question with short answers in a row."""

    name: str
    question: str
    choices: Sequence[Choice]
    chosen: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing here: that it is fine, or what to do next."""

    title: str
    text: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """What the reader must know before anything else, such as why nothing is being sent."""

    text: str
    url: str = ""
    action: str = ""
