"""Telling what a file is by what stands in it, whatever its name says; reading it as a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from partnerloop.partners.importing.reading_csv import csv_table
from partnerloop.partners.importing.reading_xlsx import xlsx_table
from partnerloop.partners.importing.tables import Table, UnreadableFile

LARGEST = 100_000_000  # bytes: some 700,000 contacts
SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "This is an old Excel file (.xls) or one with a password. "
    "Save it as .xlsx without a password, or as CSV.",
    b"%PDF": "This is a PDF. Export the list as CSV or .xlsx instead.",
    b"\x89PNG": "This is a picture. Export the list as CSV or .xlsx instead.",
    b"\xff\xd8\xff": "This is a picture. Export the list as CSV or .xlsx instead.",
    b"\x1f\x8b": "This file is compressed. Unpack it first.",
    b"Rar!": "This file is compressed. Unpack it first.",
    b"7z\xbc\xaf": "This file is compressed. Unpack it first.",
}


@dataclass(frozen=True, slots=True)
class Size:
    """How large a file may be, in words."""

    bytes: int

    def refuse_if_too_large(self) -> None:
        """This will raise `UnreadableFile` for a file above the limit, before it is read."""
        if self.bytes > LARGEST:
            raise UnreadableFile(
                f"The file has {self.bytes / 1e6:,.0f} MB; {LARGEST / 1e6:,.0f} MB is the most. "
                "Split it and import it in parts."
            )
        if not self.bytes:
            raise UnreadableFile("The file is empty.")


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """This will open a CSV or XLSX file as a table, or raise `UnreadableFile` with the reason."""
    Size(path.stat().st_size).refuse_if_too_large()
    with path.open("rb") as file:
        start = file.read(8)
    for mark, says in SIGNATURES.items():
        if start.startswith(mark):
            raise UnreadableFile(says)
    if start.startswith(b"PK\x03\x04"):
        with xlsx_table(path) as table:
            yield table
    else:
        with csv_table(path) as table:
            yield table
