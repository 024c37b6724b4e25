"""Reading a line of a file as a row of its kind: each cell understood, or what is wrong with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from partnerloop.partners.importing.cells import Unclear, Value, Ways, tidy
from partnerloop.partners.importing.columns import Column, Shape
from partnerloop.partners.importing.tables import Line

V = TypeVar("V")
MOST_REMEMBERED = 2000  # different cells of a column
UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell; row 1 is the header, as a spreadsheet counts."""

    row: int
    column: str
    says: str
    offer: str = ""  # a partner's name that may be the same, where a person has to tell


class Wrong(ValueError):
    """A row can't be used; which column is to blame, and why."""

    def __init__(self, column: str, says: str, *, offer: str = "") -> None:
        super().__init__(says)
        self.column, self.says, self.offer = column, says, offer


@dataclass(frozen=True, slots=True)
class Row:
    """The filled cells of one line, by meaning. An empty cell says nothing and erases nothing."""

    number: int
    values: dict[str, Value]

    def text(self, key: str) -> str:
        """Return a text, "" where the cell is empty."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def get(self, key: str, kind: type[V]) -> V | None:
        """Return a value of a kind, or None."""
        value = self.values.get(key)
        return value if isinstance(value, kind) else None


class RowReader:
    """Reads the lines of one file."""

    def __init__(self, shape: Shape, mapping: Sequence[str], ways: Ways) -> None:
        self.shape, self.ways = shape, ways
        self.width = len(mapping)
        self.places = [(at, shape.column(key)) for at, key in enumerate(mapping) if key]
        # Roles, regions and companies come again and again: what a cell meant is looked up.
        self.known: dict[str, dict[str, Value]] = {column.key: {} for _, column in self.places}

    def read(self, line: Line) -> Row | list[Problem]:
        """This will return the row, or everything that is wrong with it."""
        values: dict[str, Value] = {}
        problems: list[Problem] = []
        if any(line.cells[self.width :]):
            says = f"The row has {len(line.cells)} cells, but the header names {self.width}."
            problems.append(Problem(line.number, "", says))
        for place, column in self.places:
            raw = line.cells[place] if place < len(line.cells) else ""
            held = self.known[column.key]
            if raw in held:
                values[column.key] = held[raw]
            elif cell := tidy(raw):
                try:
                    value = values[column.key] = self._value(column, cell)
                except Unclear as why:
                    problems.append(Problem(line.number, column.key, str(why)))
                    continue
                if len(held) < MOST_REMEMBERED:
                    held[raw] = value
        wrong = {problem.column for problem in problems}
        for group in self.shape.needs:
            if not any(key in values for key in group) and not wrong & set(group):
                label = self.shape.column(group[0]).label
                problems.append(Problem(line.number, group[0], f"{label} is empty."))
        return problems or Row(line.number, values)

    def _value(self, column: Column, cell: str) -> Value:
        if len(cell) > column.longest:
            raise Unclear(f"{column.label} is longer than {column.longest} characters.")
        if not cell.isprintable() and UNPRINTABLE.search(cell):
            raise Unclear(f"{column.label} holds characters that can't be stored.")
        value = column.reads(cell, self.ways)
        limit = 253 if column.key == "domain" else column.longest
        if isinstance(value, str) and len(value) > limit:
            raise Unclear(f"{column.label} is longer than {limit} characters.")
        return value
