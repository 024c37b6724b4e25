"""Keeping an uploaded file for thirty days, readable for nobody else, and then deleting it.

Two files per import, in a folder named by its random id: `rows` with a line of JSON per row, and
`check` with what a dry run found. What people have in their cells stands nowhere else.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from partnerloop.partners.importing.tables import Line, Table, UnreadableFile

KEPT = timedelta(days=30)
ENOUGH_TO_GUESS = 1_000


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of one import."""

    folder: Path

    @property
    def is_there(self) -> bool:
        """Return whether the rows are still kept."""
        return (self.folder / "rows").exists()

    def put(self, table: Table) -> int:
        """This will write the rows down and return how many there are."""
        self.folder.parent.mkdir(mode=0o700, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        count = 0
        with self._created("rows") as file:
            for line in table.lines:
                text = json.dumps([line.number, *line.cells], ensure_ascii=False)
                file.write(text.encode("utf-8", "surrogatepass") + b"\n")
                count += 1
        if not count:
            raise UnreadableFile("The file has a header but no rows below it.")
        return count

    def lines(self, *, skip: int = 0) -> Iterator[Line]:
        """This will read the rows, beginning after some of them."""
        with (self.folder / "rows").open("rb") as file:
            for place, text in enumerate(file):
                if place >= skip:
                    number, *cells = json.loads(text.decode("utf-8", "surrogatepass"))
                    yield Line(number, cells)

    def amend(self, change: Callable[[Line], Line]) -> int:
        """This will write the rows anew, whole or not at all, and return how many differ."""
        changed = 0
        with self._created("rows.new") as file:
            for line in self.lines():
                after = change(line)
                changed += after.cells != line.cells
                text = json.dumps([after.number, *after.cells], ensure_ascii=False)
                file.write(text.encode("utf-8", "surrogatepass") + b"\n")
        (self.folder / "rows.new").replace(self.folder / "rows")
        return changed

    def remember(self, name: str, found: Any) -> None:
        """This will write down what a check found, whole or not at all."""
        with self._created(f"{name}.new") as file:
            file.write(json.dumps(found).encode())
        (self.folder / f"{name}.new").replace(self.folder / name)

    def recall(self, name: str) -> Any:
        """This will read what a check found, or None once it is deleted."""
        try:
            return json.loads((self.folder / name).read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def forget(self) -> None:
        """This will delete everything."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _created(self, name: str) -> Any:
        path = self.folder / name
        with suppress(FileNotFoundError):
            path.unlink()
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def shelf_of(number: UUID) -> Shelf:
    """This will return the folder of an import."""
    return Shelf(Path(settings.PARTNERLOOP_HOME) / "imports" / str(number))


def forget_old(*, at: datetime) -> int:
    """This will delete folders that are older than thirty days, also those of deleted imports."""
    imports = Path(settings.PARTNERLOOP_HOME) / "imports"
    gone = 0
    for folder in imports.iterdir() if imports.exists() else ():
        if folder.stat().st_mtime < (at - KEPT).timestamp():
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def examples(shelf: Shelf, columns: Sequence[str]) -> list[list[str]]:
    """This will return the first filled cell of each column, where there is one."""
    found: list[list[str]] = [[] for _ in columns]
    for count, line in enumerate(shelf.lines()):
        if count >= ENOUGH_TO_GUESS or all(found):
            break
        for values, cell in zip(found, line.cells, strict=False):
            if cell and not values:
                values.append(cell[:80])
    return found
