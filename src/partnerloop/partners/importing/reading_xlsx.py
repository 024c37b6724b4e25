"""Reading a spreadsheet. Before it is unpacked it is measured, so that a bomb stays packed.

Formulas are not computed: a cell is what the spreadsheet last showed in it.
"""

import struct
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from partnerloop.partners.importing.tables import Line, Table, UnreadableFile, table_of

LARGEST_UNPACKED = 300_000_000  # bytes, all parts together
MOST_CELLS = 5_000_000  # rows times columns: a cell far outside costs as much as a full sheet
MOST_PARTS = 2_000
BLOCK = 1 << 16
SHEET = b"sheetData"
BROKEN = "The spreadsheet is damaged. Open it, save it as .xlsx or CSV, and choose that file."
TOO_LARGE = "The spreadsheet is too large when unpacked. Save it as CSV, or split it."


@contextmanager
def xlsx_table(path: Path) -> Iterator[Table]:
    """This will open the first sheet of a spreadsheet."""
    _measure(path)
    try:
        with path.open("rb") as file:  # by its contents: an upload's name says nothing
            book = CalamineWorkbook.from_filelike(file)
        name = book.sheet_names[0]
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, IndexError, ValueError, OSError):
        raise UnreadableFile(BROKEN) from None
    try:
        others = len(book.sheet_names) - 1
        more = "" if not others else f", {others} more left out"
        first = sheet.start[0] + 1 if sheet.start else 1
        yield table_of(_lines(sheet.iter_rows(), first), described=f"sheet “{name[:60]}”{more}")
    finally:
        book.close()


def _lines(rows: Iterator[list[Any]], first: int) -> Iterator[Line]:
    for number, cells in enumerate(rows, start=first):
        yield Line(number, [_text(cell).strip() for cell in cells])


def _text(cell: object) -> str:
    """Return a cell as it would be typed: whole numbers without a point, days as 2026-11-30."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _measure(path: Path) -> None:
    """Unpack every part into nothing, counting; look in sheets for the outermost cell."""
    try:
        with zipfile.ZipFile(path) as parts, path.open("rb") as file:
            entries = parts.infolist()
            if len(entries) > MOST_PARTS or sum(e.file_size for e in entries) > LARGEST_UNPACKED:
                raise UnreadableFile(TOO_LARGE)
            if not any(e.filename == "xl/workbook.xml" for e in entries):
                raise UnreadableFile(
                    "This is not an .xlsx spreadsheet. Save it as .xlsx or CSV and choose that."
                )
            left = LARGEST_UNPACKED
            for entry in entries:
                left -= _measure_part(file, entry, left)
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, UnicodeDecodeError):
        raise UnreadableFile(BROKEN) from None
    except xml.parsers.expat.ExpatError:
        raise UnreadableFile(BROKEN) from None


def _measure_part(file: BinaryIO, entry: zipfile.ZipInfo, left: int) -> int:
    """Return how large a part really is: what its label says is not believed."""
    if entry.flag_bits & 1 or entry.compress_type not in (0, 8):
        raise UnreadableFile("The spreadsheet is locked with a password. Save it without one.")
    file.seek(entry.header_offset)
    name, extra = struct.unpack("<26xHH", file.read(30))
    file.seek(name + extra, 1)
    look = (_Extent() if entry.filename.endswith(".xml") else _NoSheet()).feed
    unpack = zlib.decompressobj(-15) if entry.compress_type == 8 else None
    packed_left, size = entry.compress_size, 0
    while packed_left > 0 and (block := file.read(min(BLOCK, packed_left))):
        packed_left -= len(block)
        while block:
            plain = unpack.decompress(block, BLOCK * 16) if unpack else block
            size += len(plain)
            if size > left:
                raise UnreadableFile(TOO_LARGE)
            look(plain)
            block = unpack.unconsumed_tail if unpack else b""
    return size


class _NoSheet:
    """A part that isn't named as XML, in which nobody may hide a sheet."""

    def __init__(self) -> None:
        self.end = b""

    def feed(self, plain: bytes) -> None:
        if SHEET in self.end + plain:
            raise UnreadableFile(BROKEN)
        self.end = plain[-len(SHEET) :]


class _Extent:
    """The outermost cell of a sheet, found without building it."""

    def __init__(self) -> None:
        self.parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.row = self.column = 0
        self.rows = self.columns = 0

    def feed(self, plain: bytes) -> None:
        self.parser.Parse(plain)

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        if kind == "row":
            given = attributes.get("r", "")
            self.row = int(given) if given.isdecimal() and len(given) < 9 else self.row + 1
            self.column = 0
        elif kind == "c":
            self.column += 1
            letters = attributes.get("r", "").rstrip("0123456789")
            if letters.isascii() and letters.isalpha() and len(letters) <= 3:
                self.column = _column_number(letters)
                digits = attributes["r"][len(letters) :]
                self.row = int(digits) if digits and len(digits) < 9 else self.row
            self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
            if self.rows * self.columns > MOST_CELLS:
                raise UnreadableFile(TOO_LARGE)

    def _doctype(self, *_: object) -> None:
        raise UnreadableFile(BROKEN)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
