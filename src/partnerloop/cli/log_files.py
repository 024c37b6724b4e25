"""Plain files, CSV or Parquet, read whole and checked cell by cell.

A mistake is one plain line that names the file, the row (the header is row 1) and the column.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import click
import numpy as np
from numpy.typing import NDArray

from partnerloop.engine.interface import Floats, Ints

duckdb: ModuleType | None
try:
    import duckdb
except ImportError:
    duckdb = None


# Columns that stay text in Parquet, whatever their words look like.
TEXTS = {"partner", "contact", "metric", "metrics", "detector"}
FLAGS = {"0": False, "1": True, "0.0": False, "1.0": True, "false": False, "true": True}
# How a cell without anything in it may be written, where one may be empty.
NOTHING = {"", "nan"}


class FileMistake(click.ClickException):
    """Something in a file that cannot be used, and where it stands."""


@dataclass(frozen=True)
class Table:
    """The cells of a file, as text, by column."""

    path: Path
    cells: dict[str, Sequence[str]]
    rows: Sequence[int]

    def __len__(self) -> int:
        return len(next(iter(self.cells.values())))

    def mistake(self, place: int, column: str, says: str) -> FileMistake:
        """This will name a cell and what is wrong with it."""
        return FileMistake(f"{self.path}, row {self.rows[place]}, column {column}: {says}")

    def numbers(
        self, column: str, *, low: float, high: float, empty: float | None = None
    ) -> Floats:
        """This will read a column of numbers between two bounds."""
        found = np.empty(len(self))
        for k, text in enumerate(self.cells[column]):
            if empty is not None and text.strip().lower() in NOTHING:
                found[k] = empty
                continue
            try:
                found[k] = float(text)
            except ValueError:
                raise self.mistake(k, column, f"not a number: {text!r}") from None
            if not low <= found[k] <= high:
                raise self.mistake(k, column, _outside(text, low, high))
        return found

    def flags(self, column: str) -> NDArray[np.bool_]:
        """This will read a column of 0 and 1; true and false, as other programs write them."""
        found = np.zeros(len(self), bool)
        for k, text in enumerate(self.cells[column]):
            word = text.strip().lower()
            if word not in FLAGS:
                raise self.mistake(k, column, f"must be 0 or 1: {text!r}")
            found[k] = FLAGS[word]
        return found

    def days(self, column: str, *, empty: float | None = None) -> Floats:
        """This will read a column of whole days from 0."""
        found = self.numbers(column, low=0, high=1e7, empty=empty)
        broken = np.flatnonzero(np.isfinite(found) & (found != np.floor(found)))
        if broken.size:
            k = int(broken[0])
            raise self.mistake(k, column, f"a day is a whole number: {self.cells[column][k]}")
        return found

    def ordered_days(self, column: str) -> Floats:
        """This will read days and see that they do not go back."""
        found = self.days(column)
        back = np.flatnonzero(np.diff(found) < 0)
        if back.size:
            k = int(back[0]) + 1
            says = f"day {found[k]:.0f} after day {found[k - 1]:.0f}: rows must be in order of days"
            raise self.mistake(k, column, says)
        return found

    def names(self, column: str, *, once: bool = False) -> list[str]:
        """This will read a column of names, none of them empty."""
        seen: set[str] = set()
        for k, text in enumerate(self.cells[column]):
            if not text:
                raise self.mistake(k, column, "is empty")
            if once and text in seen:
                raise self.mistake(k, column, f"{text} is there twice")
            seen.add(text)
        return list(self.cells[column])

    def places(self, column: str, *, among: dict[str, int], what: str) -> Ints:
        """This will read a column of names known from elsewhere, as their places there."""
        found = np.empty(len(self), np.int64)
        for k, text in enumerate(self.cells[column]):
            if text not in among:
                raise self.mistake(k, column, f"unknown {what} {text!r}")
            found[k] = among[text]
        return found


def _outside(text: str, low: float, high: float) -> str:
    if math.isnan(float(text)) or math.isinf(float(text)):
        return f"not a number: {text!r}"
    if high >= 1e6:
        bound = f"below {low:g}" if float(text) < low else f"above {high:,.0f}"
        return f"{text} is {bound}"
    return f"{text} lies outside {low:g}-{high:g}"


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """This will read the named columns of a CSV or Parquet file as text."""
    header, rows, numbers = _parquet(path) if is_parquet(path) else _csv(path)
    missing = [name for name in columns if name not in header]
    if missing:
        raise FileMistake(f"{path}, row 1, column {missing[0]}: the column is missing")
    twice = [name for name in columns if header.count(name) > 1]
    if twice:
        raise FileMistake(f"{path}, row 1, column {twice[0]}: the column is there twice")
    if not rows:
        raise FileMistake(f"{path}, row 2, column {columns[0]}: the file is empty below its header")
    for number, row in zip(numbers, rows, strict=True):
        if len(row) != len(header):
            column = header[min(len(row), len(header) - 1)]
            says = f"{len(row)} cells, the header has {len(header)}"
            raise FileMistake(f"{path}, row {number}, column {column}: {says}")
    whole = list(zip(*rows, strict=True))
    return Table(path, {name: whole[header.index(name)] for name in columns}, numbers)


def is_parquet(path: Path) -> bool:
    """This will tell from a file's name whether it is Parquet; it is CSV otherwise."""
    return path.suffix.lower() == ".parquet"


_Read = tuple[list[str], Sequence[Sequence[str]], Sequence[int]]


def _csv(path: Path) -> _Read:
    """The header, the rows that are not empty, and the number of each in the file."""
    text = _text(path)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as wrong:
        raise FileMistake(f"{path}: is not a CSV file: {wrong}") from None
    numbers = [number for number, row in enumerate(rows, start=1) if row]
    if not numbers:
        raise FileMistake(f"{path}, row 1: the file is empty")
    first, *others = numbers
    return [name.strip() for name in rows[first - 1]], [rows[n - 1] for n in others], others


def _text(path: Path) -> str:
    try:
        held = path.read_bytes()
    except OSError as wrong:
        raise FileMistake(f"{path}: {wrong.strerror}") from None
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        row = held.count(b"\n", 0, wrong.start) + 1
        raise FileMistake(f"{path}, row {row}: is not text in UTF-8") from None


def _parquet(path: Path) -> _Read:
    database = _duckdb()
    try:
        found = database.sql("SELECT * FROM read_parquet(?)", params=[str(path)])
        header = list(found.columns)
        texts = ", ".join(f"coalesce(CAST({_quoted(name)} AS VARCHAR), '')" for name in header)
        rows = found.project(texts).fetchall()
        return header, rows, range(2, len(rows) + 2)
    except database.Error as wrong:
        raise FileMistake(f"{path}: cannot be read as Parquet: {_said(wrong)}") from None


def _said(wrong: Exception) -> str:
    """The first line of what a database complains about, without the statement it shows."""
    return re.sub(r"\s+", " ", str(wrong).partition("LINE 1:")[0]).strip()[:200]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _duckdb() -> ModuleType:
    if duckdb is None:
        raise FileMistake("Parquet needs DuckDB: pip install 'partnerloop[analytics]'")
    return duckdb


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """This will write a CSV file, or a Parquet file if its name says so."""
    if not is_parquet(path):
        _write_csv(path, columns, rows)
        return
    database = _duckdb()
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "rows.csv"
        _write_csv(plain, columns, rows)
        text = {name: "VARCHAR" for name in columns if name in TEXTS}
        try:
            database.read_csv(str(plain), header=True, dtype=text).write_parquet(str(path))
        except database.Error as wrong:
            raise FileMistake(f"{path}: {_said(wrong)}") from None


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            sheet = csv.writer(file, lineterminator="\n")
            sheet.writerow(columns)
            sheet.writerows(rows)
    except OSError as wrong:
        raise FileMistake(f"{path}: {wrong.strerror}") from None
