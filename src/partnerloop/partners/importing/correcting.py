"""Correcting a checked file on the spot: one cell, or every row that says the same wrong thing.

The kept copy of the file is changed, never the file of its owner; nothing is saved by it.
"""

from dataclasses import dataclass

from partnerloop.partners.importing.beginning import NotNow, name_columns
from partnerloop.partners.importing.cells import tidy
from partnerloop.partners.importing.keeping import shelf_of
from partnerloop.partners.importing.saving import DELETED
from partnerloop.partners.importing.tables import LONGEST_CELL, Line
from partnerloop.partners.models import ImportRun, ImportState

CHECK_FIRST = "Check the file first: then its rows can be corrected here."


@dataclass(frozen=True, slots=True)
class Correction:
    """What stands in a column from now on, in one row or wherever the same stood."""

    row: int
    column: str
    value: str
    everywhere: bool = False


def correct(run: ImportRun, given: Correction) -> int:
    """This will change the kept rows and return how many; a check has to follow.

    Raises `NotNow` where the run has moved on or the file is not kept any more.
    """
    if run.state != ImportState.CHECKED:
        raise NotNow(CHECK_FIRST)
    shelf = shelf_of(run.pk)
    if not shelf.is_there:
        raise NotNow(DELETED)
    if given.column not in run.mapping or not given.column:
        return 0
    place = run.mapping.index(given.column)
    old = next((_cell(line, place) for line in shelf.lines() if line.number == given.row), None)
    if old is None:
        return 0
    value = tidy(given.value)[:LONGEST_CELL]

    def amended(line: Line) -> Line:
        same = given.everywhere and bool(old) and _cell(line, place) == old
        if line.number != given.row and not same:
            return line
        cells = [*line.cells, *[""] * (place + 1 - len(line.cells))]
        cells[place] = value
        return Line(line.number, cells)

    return shelf.amend(amended)


def leave_out(run: ImportRun, column: str) -> None:
    """This will take a column of the file for nothing, or raise `ColumnsMissing`."""
    mapping = ["" if key == column else key for key in run.mapping]
    name_columns(run, mapping, choices={}, source=run.source)


def _cell(line: Line, place: int) -> str:
    return tidy(line.cells[place]) if place < len(line.cells) else ""
