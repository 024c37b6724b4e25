"""Reading a text file: encoding, separator, quotes. It is streamed, never held in memory whole."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from charset_normalizer import from_bytes

from partnerloop.partners.importing.tables import (
    LONGEST_CELL,
    Line,
    Table,
    UnreadableFile,
    table_of,
)

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
BLOCK = 1 << 20
SAMPLE = 1 << 18
# What spreadsheets write. Leaving the choice to all known encodings guesses worse on short lists.
LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp932", "gb18030",
          "cp949", "big5"]  # fmt: skip
NOT_TEXT = "This is neither a CSV nor an .xlsx file. In your spreadsheet save it as one of these."


@contextmanager
def csv_table(path: Path) -> Iterator[Table]:
    """This will open a text file with columns between separators."""
    encoding = _encoding(path)
    csv.field_size_limit(2 * LONGEST_CELL)
    with path.open(encoding=encoding, errors="strict", newline="") as file:
        separator = _separator(file.read(SAMPLE))
        file.seek(0)
        lines = _lines(csv.reader(file, delimiter=separator))
        name = (
            "UTF-8" if encoding.startswith("utf-8") else encoding.upper().replace("CP", "Windows-")
        )
        yield table_of(
            lines, described=f"{name}, separated by {SEPARATORS[separator]}", separator=separator
        )


def _lines(reader: "Iterator[list[str]]") -> Iterator[Line]:
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield Line(number, [cell.strip() for cell in cells])
    except csv.Error:
        raise UnreadableFile(
            f"Below row {number} the file can't be read as CSV. Is a quotation mark missing there?"
        ) from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"Below row {number} stand characters that can't be read.") from None


def _encoding(path: Path) -> str:
    """Tell the encoding: a mark at the start, else UTF-8 if all of it is, else the likeliest."""
    with path.open("rb") as file:
        start = file.read(SAMPLE)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\x00" in start:
            raise UnreadableFile(NOT_TEXT)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        odd = _not_utf8(start, file)
    if odd is None:
        return "utf-8"
    best = from_bytes(odd, cp_isolation=LIKELY, threshold=0.5).best()
    if best is None:
        raise UnreadableFile(NOT_TEXT)
    return _surest(odd, best.encoding)


def _not_utf8(start: bytes, file: "object") -> bytes | None:
    """Return lines with what isn't UTF-8, or None."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    block = start
    while block:
        if b"\x00" in block:
            raise UnreadableFile(NOT_TEXT)
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return block[:SAMPLE] if block is start else start[: SAMPLE // 2] + block[:SAMPLE]
        block = file.read(BLOCK)  # type: ignore[attr-defined]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return start
    return None


def _surest(sample: bytes, guessed: str) -> str:
    """Prefer Western Windows where its odd characters are all letters: it is the commonest."""
    try:
        odd = {char for char in sample.decode("cp1252") if ord(char) > 127}
    except UnicodeDecodeError:
        return guessed
    western = set("äöüÄÖÜßéèêëÉÈÊàâáÀÂÁçÇñÑíîïÍóôòÓÔúûùÚåÅæÆøØãõÃÕœŒ€£°–’“”‘„…·®©")
    return "cp1252" if odd <= western else guessed


def _separator(sample: str) -> str:
    """Tell the separator: the one that cuts the first rows into the same number of columns."""
    best, most = ",", 0.0
    for mark in SEPARATORS:
        try:
            rows = list(_first(csv.reader(sample.splitlines(True), delimiter=mark)))
        except csv.Error:
            continue
        widths = [len(row) for row in rows if any(row)]
        if widths and widths[0] > 1:
            alike = sum(width == widths[0] for width in widths) / len(widths)
            found = alike * 1000 + min(widths[0], 500)
            if found > most:
                best, most = mark, found
    return best


def _first(rows: "Iterator[list[str]]") -> Iterator[list[str]]:
    for count, row in enumerate(rows):
        if count >= 20:
            return
        yield row
