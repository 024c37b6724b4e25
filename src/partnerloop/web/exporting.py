"""Tables as files: what a table page shows, as CSV or for Excel, with all its pages.

A page offers its table at its own address, so that the same filters and the same access hold. No
cell can start a formula in a spreadsheet; programs that read the CSV may ask for it as it is.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice

from defusedcsv import csv as defusedcsv
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from partnerloop.accounts.models import Membership
from partnerloop.core.models import record_audit
from partnerloop.web import workbooks

Cell = str | int | Decimal | date | datetime | None
A_CHUNK = 500


class Format(StrEnum):
    """What a table may become; the word stands in the address: `?export=csv`."""

    CSV = "csv"  # for people: quoted, and defused
    EXCEL = "xlsx"
    RAW = "raw"  # CSV for programs: no cell is changed


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it leaves: `key` names the file, `count` how many rows the screen counts."""

    key: str
    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    count: int


def wanted(request: HttpRequest) -> Format | None:
    """This will tell which file an address asks for, or None: the page."""
    asked = request.GET.get("export", "")
    return Format(asked) if request.method == "GET" and asked in list(Format) else None


def exported(
    request: HttpRequest, member: Membership, sheet: Sheet, *, to: Format, at: datetime
) -> HttpResponseBase:
    """This will answer with the table as a file, and note who took it away."""
    if to is Format.EXCEL and sheet.count > workbooks.MOST_ROWS:
        return HttpResponse(
            f"An Excel file holds up to {workbooks.MOST_ROWS:,} rows here. Choose CSV, or filter"
            " the table first.",
            status=400,
            content_type="text/plain; charset=utf-8",
        )
    with transaction.atomic():
        record_audit(
            "table.exported",
            at=at,
            actor=f"user:{member.user_id}",
            target=f"table:{sheet.key}",
            program_id=member.program_id,
            fields=(to.value, f"{sheet.count} rows", *_filters(request)),
        )
    name = f"{member.program.slug}-{sheet.key}-{at.date():%Y-%m-%d}"
    zone = timezone.get_current_timezone()
    if to is Format.EXCEL:
        file = workbooks.written(sheet.title, sheet.columns, sheet.rows, zone=zone)
        return FileResponse(
            file, as_attachment=True, filename=f"{name}.xlsx", content_type=workbooks.TYPE
        )
    return StreamingHttpResponse(
        lines(sheet, to=to, zone=zone),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _filters(request: HttpRequest) -> list[str]:
    """Name the filters that were set, never what they were set to: it may be a person's name."""
    return sorted(key[:40] for key, value in request.GET.items() if value and key != "export")[:10]


def lines(sheet: Sheet, *, to: Format, zone: tzinfo) -> Iterator[bytes]:
    """This will write a table as CSV, some hundred rows at a time."""
    echo = _Echo()
    if to is Format.RAW:
        write = csv.writer(echo).writerow
        cells = raw
    else:
        write = defusedcsv.writer(echo, quoting=csv.QUOTE_ALL).writerow
        cells = plain
        yield b"\xef\xbb\xbf"  # without it Excel takes the file for Latin-1
    rows = chain([sheet.columns], sheet.rows)
    while chunk := list(islice(rows, A_CHUNK)):
        yield "".join(write([cells(cell, zone=zone) for cell in row]) for row in chunk).encode()


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def raw(cell: Cell, *, zone: tzinfo) -> str:
    """Return a cell as programs read it; times carry their offset."""
    if isinstance(cell, datetime):
        return cell.astimezone(zone).isoformat(timespec="minutes")
    return "" if cell is None else str(cell).replace("\0", "")


def plain(cell: Cell, *, zone: tzinfo) -> str:
    """Return a cell as people read it, with a quote before what a spreadsheet might run.

    `defusedcsv` adds it before = + - @ | and %; here stand the ways around that.
    """
    if isinstance(cell, datetime):
        return f"{cell.astimezone(zone):%Y-%m-%d %H:%M}"
    text = raw(cell, zone=zone)
    bare = text.lstrip()
    hides = bare != text and bare[:1] in FORMULA_STARTS
    return f"'{text}" if hides or text[:1] in STARTS_UNSEEN else text


FORMULA_STARTS = ("=", "+", "-", "@", "|", "%")
# A tab or a line end before it, and the wide twins of the signs, start a formula just as well.
STARTS_UNSEEN = ("\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
