"""A file as a table of texts: a header, and rows that keep the numbers a spreadsheet shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_ROWS = 500_000
MOST_COLUMNS = 500
LONGEST_CELL = 32_000  # characters, as in Salesforce


class UnreadableFile(ValueError):
    """The file as a whole can't be read; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file; row 1 is the header, as a spreadsheet counts."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """An open file. `lines` can be read once."""

    header: Sequence[str]
    lines: Iterator[Line]
    described: str
    separator: str = ","


def table_of(lines: Iterator[Line], *, described: str, separator: str = ",") -> Table:
    """This will take the first row that isn't empty as the header."""
    filled = (line for line in lines if any(cell for cell in line.cells))
    first = next(filled, None)
    if first is None:
        raise UnreadableFile("The file is empty.")
    if len(first.cells) > MOST_COLUMNS:
        raise UnreadableFile(f"The file has more than {MOST_COLUMNS} columns.")
    return Table(told_apart(first.cells), _limited(filled), described, separator)


def told_apart(names: Sequence[str]) -> list[str]:
    """This will give columns of the same name numbers, and those without a name one.

    >>> told_apart(["Phone", "", "Phone"])
    ['Phone', 'Column 2', 'Phone (2)']
    """
    seen: set[str] = set()
    found = []
    for place, given in enumerate(names, start=1):
        name = start = " ".join(given.split())[:100] or f"Column {place}"
        times = 1
        while name.casefold() in seen:
            times += 1
            name = f"{start} ({times})"
        seen.add(name.casefold())
        found.append(name)
    return found


def _limited(lines: Iterator[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines):
        if count >= MOST_ROWS:
            raise UnreadableFile(
                f"The file has more than {MOST_ROWS:,} rows. Split it and import it in parts."
            )
        if any(len(cell) > LONGEST_CELL for cell in line.cells):
            raise UnreadableFile(
                f"Row {line.number} holds a cell of more than {LONGEST_CELL:,} characters. "
                "Is a quotation mark missing there?"
            )
        yield line
