"""Reading a CSV file of partners and contacts into rows, with errors that name row and column.

Text stays as it is written: a region "NA" is a region, not a missing value.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator, validate_email

from partnerloop.partners.models import ContactRole

COLUMNS = (
    "partner",
    "domain",
    "type",
    "tier",
    "region",
    "country",
    "contact",
    "email",
    "role",
    "language",
)
REQUIRED = ("partner", "contact", "email", "role")
LARGEST = 1_000_000  # bytes: some ten thousand rows
LONGEST = {"partner": 200, "contact": 200, "domain": 253, "email": 254, "language": 12}


class UnreadableFile(ValueError):
    """The file as a whole can't be read; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell; row 1 is the header, as a spreadsheet counts."""

    row: int
    column: str
    says: str


@dataclass(frozen=True, slots=True)
class Row:
    """One contact of one partner, as written."""

    number: int
    partner: str
    domain: str
    type: str
    tier: str
    region: str
    country: str
    contact: str
    email: str
    role: str
    language: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: rows that can be used, and what is wrong with the others."""

    rows: Sequence[Row]
    problems: Sequence[Problem]
    left_out: Sequence[str]


def decoded(content: bytes) -> str:
    """This will turn an uploaded file into text: UTF-8, else as Excel writes it on Windows."""
    if len(content) > LARGEST:
        raise UnreadableFile("The file is larger than 1 MB: split it and import it in parts.")
    if b"\x00" in content or content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(
            "This is not a CSV file. In your spreadsheet choose “Save as”, then CSV (UTF-8)."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str) -> Reading:
    """This will read a CSV text with comma, semicolon or tab between its columns."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        head = [name.strip().casefold() for name in next(lines, [])]
        _check_head(head)
        rows: list[Row] = []
        problems: list[Problem] = []
        for number, values in _filled(lines):
            row = _row(number, head, values)
            found = _problems(row)
            problems += found
            if not found:
                rows.append(row)
    except csv.Error as error:
        raise UnreadableFile(f"Line {lines.line_num} can't be read as CSV: {error}.") from None
    if not rows and not problems:
        raise UnreadableFile("The file has a header but no rows below it.")
    known = [name for name in head if name in COLUMNS]
    return Reading(rows, problems, [name for name in head if name and name not in known])


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _check_head(head: Sequence[str]) -> None:
    if not any(head):
        raise UnreadableFile("The file is empty.")
    missing = [name for name in REQUIRED if name not in head]
    if missing:
        raise UnreadableFile(
            f"The first row must name the columns; missing: {', '.join(missing)}. "
            f"Recognised are {', '.join(COLUMNS)}."
        )
    twice = sorted({name for name in head if name in COLUMNS and head.count(name) > 1})
    if twice:
        raise UnreadableFile(f"A column stands there twice: {', '.join(twice)}.")


def _filled(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, values in enumerate(lines, start=2):
        if any(value.strip() for value in values):
            yield number, values


def _row(number: int, head: Sequence[str], values: Sequence[str]) -> Row:
    given = dict(zip(head, values, strict=False))
    cells = {column: " ".join(given.get(column, "").split()) for column in COLUMNS}
    cells["email"] = cells["email"].lower()
    cells["role"] = cells["role"].lower()
    cells["domain"] = cells["domain"].lower().removeprefix("@")
    return Row(number, **cells)


def _problems(row: Row) -> list[Problem]:
    found = [
        Problem(row.number, column, "is empty.") for column in REQUIRED if not getattr(row, column)
    ]
    for column in COLUMNS:
        longest = LONGEST.get(column, 100)
        if len(getattr(row, column)) > longest:
            found.append(Problem(row.number, column, f"is longer than {longest} characters."))
    if row.email and not _passes(validate_email, row.email):
        found.append(
            Problem(row.number, "email", f"“{row.email}” is not a whole address: name@company.tld.")
        )
    if row.domain and not _passes(DomainNameValidator(), row.domain):
        found.append(Problem(row.number, "domain", f"“{row.domain}” is not a domain: company.tld."))
    if row.role and row.role not in ContactRole.values:
        roles = ", ".join(ContactRole.values)
        found.append(Problem(row.number, "role", f"“{row.role}” is unknown. Use one of {roles}."))
    return found


def _passes(validate: object, value: str) -> bool:
    try:
        validate(value)  # type: ignore[operator]
    except ValidationError:
        return False
    return True
