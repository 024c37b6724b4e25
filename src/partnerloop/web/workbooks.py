"""Tables as Excel files, written row by row: text stays text, whatever it looks like."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 200_000
LONGEST = 32_767  # characters in a cell; Excel takes no more
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def written(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    zone: tzinfo,
) -> IO[bytes]:
    """This will write a table into a file that goes when it is closed, and rewind it."""
    file = TemporaryFile()  # noqa: SIM115 (the response closes it when it was sent)
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        page = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        formats: dict[type, Any] = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        page.set_column(0, max(0, len(columns) - 1), 18)
        page.freeze_panes(1, 0)
        for place, label in enumerate(columns):
            page.write_string(0, place, label, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                _write(page, number, place, cell, formats=formats, zone=zone)
    file.seek(0)
    return file


def _write(
    page: Any, row: int, place: int, cell: object, *, formats: dict[type, Any], zone: tzinfo
) -> None:
    if cell is None:
        return
    if isinstance(cell, datetime):
        there = cell.astimezone(zone).replace(tzinfo=None)
        page.write_datetime(row, place, there, formats[datetime])
    elif isinstance(cell, date):
        page.write_datetime(row, place, cell, formats[date])
    elif isinstance(cell, int | Decimal):
        page.write_number(row, place, cell)
    else:
        page.write_string(row, place, str(cell)[:LONGEST])
