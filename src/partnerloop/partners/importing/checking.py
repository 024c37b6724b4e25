"""The dry run: every row is read and placed as if it were saved, and nothing is."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from partnerloop.accounts.models import Membership
from partnerloop.partners.importing.beginning import ways_of
from partnerloop.partners.importing.ground import Ground
from partnerloop.partners.importing.keeping import Shelf, shelf_of
from partnerloop.partners.importing.placing import Placer
from partnerloop.partners.importing.placing_business import PLACERS
from partnerloop.partners.importing.rows import Problem, RowReader, Wrong
from partnerloop.partners.importing.shapes import SHAPES
from partnerloop.partners.importing.tables import Line
from partnerloop.partners.models import ImportKind, ImportRun, ImportState

Beat = Callable[[], None]
BATCH = 1000
MOST_TOLD = 2000  # problems kept with their row; more are counted
SAMPLES = 50
OUTCOMES = ("new", "changed", "same")


@dataclass
class Finding:
    """What a check found. `wrong` holds the numbers of rows that will be left out."""

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    new: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    found_by_name: int = 0
    wrong: list[int] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    samples: dict[str, list[list[Any]]] = field(default_factory=dict)

    @property
    def ready(self) -> int:
        """Return how many rows would be saved."""
        return self.rows - len(self.wrong)

    @property
    def changes_nothing(self) -> bool:
        """Return whether everything in the usable rows is there already."""
        return not any(self.new.values()) and not any(self.changed.values())

    def note(self, line: Line, problems: list[Problem]) -> None:
        """Keep what is wrong with a row."""
        self.wrong.append(line.number)
        for problem in problems:
            if len(self.problems) < MOST_TOLD:
                self.problems.append({**asdict(problem), "cells": line.cells})

    def count(self, line: Line, outcome: str) -> None:
        """Count a row that can be used."""
        self.outcomes[outcome] += 1
        shown = self.samples.setdefault(outcome, [])
        if len(shown) < SAMPLES:
            shown.append([line.number, line.cells])


def check(
    run: ImportRun, *, by: Membership | None, at: datetime, beat: Beat = lambda: None
) -> Finding:
    """This will read the whole file and say what saving it would do; the finding is kept."""
    shelf = shelf_of(run.pk)
    placer = placer_of(run, by=by, at=at)
    reader = RowReader(SHAPES[ImportKind(run.kind)], run.mapping, ways_of(run))
    finding = Finding()
    for lines in batched(shelf.lines()):
        for line in lines:
            finding.rows += 1
            _try(line, reader, placer, finding)
        placer.writer.forget()
        _progress(run, finding.rows)
        beat()
    for problem in placer.finish():
        if len(finding.problems) < MOST_TOLD:
            finding.problems.append({**asdict(problem), "cells": []})
    finding.new = dict(placer.writer.tally.new)
    finding.changed = dict(placer.writer.tally.changed)
    finding.found_by_name = len(placer.ground.found_by_name)
    _keep(run, shelf, finding)
    return finding


def finding_of(run: ImportRun) -> Finding | None:
    """This will recall what the last check found; None once it is deleted."""
    kept = shelf_of(run.pk).recall("check")
    if kept is None:
        return None
    return Finding(**{**kept, "outcomes": Counter(kept["outcomes"])})


def placer_of(run: ImportRun, *, by: Membership | None, at: datetime) -> Placer:
    """This will make ready what places the rows of a run, reading what the program has."""
    return PLACERS[run.kind](Ground(run, by=by, at=at))


def batched(lines: Iterator[Line], *, size: int = BATCH) -> Iterator[list[Line]]:
    """This will cut rows into batches."""
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _try(line: Line, reader: RowReader, placer: Placer, finding: Finding) -> None:
    row = reader.read(line)
    if isinstance(row, list):
        finding.note(line, row)
        return
    writer = placer.writer
    steps, made = writer.steps, writer.tally.new[placer.main]
    try:
        placer.place(row)
    except Wrong as why:
        finding.note(line, [Problem(row.number, why.column, why.says, why.offer)])
        return
    if writer.tally.new[placer.main] > made:
        finding.count(line, "new")
    else:
        finding.count(line, "changed" if writer.steps > steps else "same")


def _progress(run: ImportRun, rows: int) -> None:
    if run.state == ImportState.CHECKING:
        ImportRun.objects.of(run.program_id).filter(pk=run.pk).update(rows_done=rows)


def _keep(run: ImportRun, shelf: Shelf, finding: Finding) -> None:
    shelf.remember("check", {**asdict(finding), "outcomes": dict(finding.outcomes)})
    run.state, run.rows_done, run.failure = ImportState.CHECKED, 0, ""
    run.counts = {"rows": finding.rows, "wrong": len(finding.wrong)}
    run.save(update_fields=["state", "rows_done", "failure", "counts"])
