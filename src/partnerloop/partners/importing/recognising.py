"""Recognising what the columns of a file mean, by what we and other systems call them."""

from collections.abc import Sequence
from dataclasses import dataclass

from partnerloop.partners.importing import cells
from partnerloop.partners.importing.cells import Unclear, Ways, number
from partnerloop.partners.importing.columns import Shape
from partnerloop.partners.importing.keeping import ENOUGH_TO_GUESS, Shelf
from partnerloop.partners.importing.shapes import SHAPES
from partnerloop.partners.models import ImportKind

SYSTEMS = ("own", "salesforce", "hubspot")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What each column of a file seems to mean ("" where unknown), and whose ids it carries."""

    mapping: list[str]
    source: str

    @property
    def known(self) -> int:
        """Return how many columns have a meaning."""
        return sum(map(bool, self.mapping))


def recognise(header: Sequence[str], *, kind: ImportKind) -> Recognised:
    """This will find a meaning for each column whose name is known; the first of two wins."""
    shape = SHAPES[kind]
    meanings = _names(shape)
    mapping: list[str] = []
    for name in header:
        key = meanings.get(plain(name), "")
        mapping.append("" if key in mapping else key)
    return Recognised(mapping, _source(header, shape))


def likely_kind(header: Sequence[str]) -> ImportKind | None:
    """This will tell what a file brings: the kind that knows most of its columns, or None."""
    best, most = None, 0
    for kind, shape in SHAPES.items():
        found = recognise(header, kind=kind)
        if not missing(shape, found.mapping) and found.known > most:
            best, most = kind, found.known
    return best


def missing(shape: Shape, mapping: Sequence[str]) -> list[str]:
    """This will name what a file must have and doesn't, in words."""
    return [
        " or ".join(shape.column(key).label for key in group)
        for group in shape.needs
        if not set(group) & set(mapping)
    ]


def likely_ways(shelf: Shelf, mapping: Sequence[str], *, shape: Shape, separator: str) -> Ways:
    """This will look at the first thousand rows to see how numbers and days are written."""
    numbers: list[str] = []
    days: list[str] = []
    readers = [shape.column(key).reads if key else None for key in mapping]
    for count, line in enumerate(shelf.lines()):
        if count >= ENOUGH_TO_GUESS:
            break
        for reads, cell in zip(readers, line.cells, strict=False):
            if reads is number:
                numbers.append(cell)
            elif reads in (cells.day, cells.month, cells.moment):
                days.append(cell)
    return Ways(decimal=_decimal(numbers, separator=separator), day_first=_day_first(days))


def plain(name: str) -> str:
    """This will return a column's name without case, spaces and signs.

    >>> plain("E-Mail Address")
    'emailaddress'
    """
    return "".join(char for char in name.casefold() if char.isalnum())


def _names(shape: Shape) -> dict[str, str]:
    found: dict[str, str] = {}
    for system in SYSTEMS:
        for column in shape.columns:
            for name in column.names(system):
                found.setdefault(plain(name), column.key)
    return found


def _source(header: Sequence[str], shape: Shape) -> str:
    """Tell the system that wrote the file by spellings that are its own."""
    written = {name.casefold() for name in header}
    own = {name.casefold() for column in shape.columns for name in column.names("own")}
    best, most = "file", 0
    for system in SYSTEMS[1:]:
        spelled = {n.casefold() for column in shape.columns for n in column.names(system)}
        spelled |= {"id"} if system == "salesforce" and most else set()
        found = len(written & (spelled - own))
        if found > most:
            best, most = system, found
    return best


def _decimal(values: Sequence[str], *, separator: str) -> str:
    votes = {",": 0, ".": 0}
    for value in values:
        marks = [char for char in value if char in ",."]
        if len(set(marks)) == 2:
            votes[marks[-1]] += 1
        elif len(marks) > 1:
            votes["," if marks[0] == "." else "."] += 1
        elif marks and len(value.rstrip().rpartition(marks[0])[2]) != 3:
            votes[marks[0]] += 1
    if votes[","] == votes["."]:
        return "," if separator == ";" else "."
    return max(votes, key=lambda mark: votes[mark])


def _day_first(values: Sequence[str]) -> bool:
    """Tell the order of 3/4/2026: the month leads where a second number is above 12."""
    for value in values:
        try:
            cells.day(value, Ways(day_first=True))
        except Unclear:
            try:
                cells.day(value, Ways(day_first=False))
            except Unclear:
                continue
            return False
    return True
