"""Rows of a file that can't be used: corrected on the page, or taken away as a file."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from partnerloop.partners.importing.cells import tidy
from partnerloop.partners.importing.checking import finding_of
from partnerloop.partners.importing.shapes import SHAPES
from partnerloop.partners.models import ImportKind, ImportRun


@dataclass(frozen=True, slots=True)
class Fix:
    """A cell that can be corrected here; `same` counts the rows that say the same wrong thing."""

    row: int
    column: str
    label: str
    value: str
    same: int


def recurring(run: ImportRun, problems: Iterable[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """This will count how often each cell is to blame with the same text."""
    return Counter((told["column"], _blamed(run, told)) for told in problems)


def fix_of(run: ImportRun, told: dict[str, Any], *, same: Counter[tuple[str, str]]) -> Fix | None:
    """This will return what can be corrected of a problem; None where no one cell is to blame."""
    column = told["column"]
    if column not in run.mapping or not column or not told["cells"]:
        return None
    label = SHAPES[ImportKind(run.kind)].column(column).label
    value = _blamed(run, told)
    return Fix(told["row"], column, label, value, same[column, value] if value else 1)


def _blamed(run: ImportRun, told: dict[str, Any]) -> str:
    column, cells = told["column"], told["cells"]
    place = run.mapping.index(column) if column and column in run.mapping else len(cells)
    return tidy(cells[place]) if place < len(cells) else ""


def problem_rows(run: ImportRun) -> str | None:
    """This will write the rows that are left out as CSV, safe to open in a spreadsheet."""
    finding = finding_of(run)
    if finding is None:
        return None
    text = io.StringIO()
    write = csv.writer(text)
    write.writerow([defused(name) for name in run.header] + ["Row", "Problem"])
    for told in finding.problems:
        cells = [*told["cells"], *[""] * len(run.header)][: len(run.header)]
        write.writerow([*map(defused, cells), told["row"], defused(told["says"])])
    return text.getvalue()


def defused(cell: str) -> str:
    """This will keep a spreadsheet from taking a text for a formula; numbers stay numbers.

    >>> defused("=1+1"), defused("-5"), defused("+49 30 1234")
    ("'=1+1", '-5', "'+49 30 1234")
    """
    is_number = re.fullmatch(r"[+-]?\d+([.,]\d+)?", cell)
    return f"'{cell}" if cell[:1] in set("=+-@\t\r\n\0") and cell and not is_number else cell
