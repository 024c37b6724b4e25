"""Tables, pages of a list, steps, and what stands where nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString


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
