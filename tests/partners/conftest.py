"""A desk at which files are imported into the cast's program."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from partnerloop.partners.importing.beginning import Upload, begin
from partnerloop.partners.importing.checking import Finding, check
from partnerloop.partners.importing.saving import confirm, save
from partnerloop.partners.importing.undoing import recall, undo
from partnerloop.partners.models import ImportKind, ImportRun, ImportTemplate
from tests.world import MONDAY, World, make_world


@dataclass
class Desk:
    """Brings files in as Priya would, without pages."""

    world: World
    folder: Path
    count: int = field(default=0)

    def file(self, content: str | bytes, *, name: str = "list.csv") -> Path:
        """Write a file of its own."""
        self.count += 1
        path = self.folder / f"{self.count}-{name}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def begin(
        self, content: str | bytes | Path, kind: str | None = None, *, name: str = "list.csv"
    ) -> ImportRun:
        """Take a file in."""
        path = content if isinstance(content, Path) else self.file(content, name=name)
        upload = Upload(path, name, kind=ImportKind(kind) if kind else None)
        return begin(self.world.program, upload, by=self.world.priya, at=MONDAY)

    def begin_with(self, content: str, template: ImportTemplate) -> ImportRun:
        """Take a file in by a template."""
        upload = Upload(self.file(content), "list.csv", template=template)
        return begin(self.world.program, upload, by=self.world.priya, at=MONDAY)

    def check(self, content: str | bytes | Path, kind: str | None = None, **choices) -> Finding:
        """Take a file in and check it."""
        return self.checked(content, kind, **choices)[1]

    def checked(
        self, content: str | bytes | Path, kind: str | None = None, **choices
    ) -> tuple[ImportRun, Finding]:
        run = self.begin(content, kind)
        run.choices = {**run.choices, **choices}
        run.save()
        return run, check(run, by=self.world.priya, at=MONDAY)

    def bring(
        self,
        content: str | bytes | Path,
        kind: str | None = None,
        *,
        at: datetime = MONDAY,
        **choices,
    ) -> ImportRun:
        """Take a file in, check it, confirm and save it."""
        run, finding = self.checked(content, kind, **choices)
        assert not finding.problems, finding.problems
        confirm(run, by=self.world.priya, at=at)
        save(run, at=at)
        return run

    def undo(self, run: ImportRun, *, at: datetime = MONDAY) -> ImportRun:
        """Take an import back."""
        recall(run, by=self.world.priya, at=at)
        undo(run, at=at)
        return run


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: Settings) -> Desk:
    settings.PARTNERLOOP_HOME = tmp_path
    return Desk(make_world(), tmp_path)
