"""What the pages of the import wizard show, put together from what the domain keeps."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from partnerloop.core.words import count, counted
from partnerloop.partners.importing.checking import Finding, finding_of
from partnerloop.partners.importing.keeping import examples, shelf_of
from partnerloop.partners.importing.recognising import plain, recognise
from partnerloop.partners.importing.shapes import SHAPES
from partnerloop.partners.importing.undoing import may_undo
from partnerloop.partners.importing.writing import TABLES
from partnerloop.partners.models import (
    ContactRole,
    ImportedChange,
    ImportKind,
    ImportRun,
    ImportState,
)
from partnerloop.programs.models import Program
from partnerloop.web.components import Step
from partnerloop.web.workspace.importing_problems import Fix, fix_of, recurring

NAMES = ("File", "Columns", "Check", "Confirm")
FIRST, MOST_ROWS, MOST_COLUMNS, MOST_KEPT = 20, 500, 7, 200
LABELS = {
    "partner": "partners",
    "contact": "contacts",
    "member": "members",
    "user": "people who may sign in",
    "customer": "end customers",
    "deal": "deals",
    "affiliation": "places of work",
    "attribute": "segment entries",
    "domain": "mail domains",
    "assignment": "managers' partners",
    "revenue": "months of revenue",
    "cost": "months of costs",
    "target": "targets",
    "signal": "signals",
    "external_id": "ids of other systems",
}


def steps(name: str, *, run: ImportRun | None = None) -> list[Step]:
    """This will return the four steps with the one that is open."""
    at = {"Progress": 1, "Result": len(NAMES)}.get(name, NAMES.index(name) if name in NAMES else 0)
    if run is not None and name == "Progress" and run.state != ImportState.CHECKING:
        at = 3
    return [
        Step(label, "done" if n < at else "now" if n == at else "later")
        for n, label in enumerate(NAMES)
    ]


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file: what stands in it and what it is taken for."""

    place: int
    name: str
    example: str
    key: str
    state: str  # recognised, check, out
    options: Sequence[tuple[str, str]]


def columns(run: ImportRun) -> list[FileColumn]:
    """This will return the columns of a file with examples and meanings."""
    shape = SHAPES[ImportKind(run.kind)]
    options = [("", "Do not import"), *((c.key, c.label) for c in shape.columns)]
    known = recognise(run.header, kind=ImportKind(run.kind)).mapping
    shelf = shelf_of(run.pk)
    cells = examples(shelf, run.header) if shelf.is_there else [[] for _ in run.header]
    loose = {"domain", "title", "manager", "amount", "value", "name"}
    found = []
    for place, (name, key) in enumerate(zip(run.header, run.mapping, strict=True)):
        exact = key and plain(name) in {plain(key), plain(shape.column(key).label)}
        sure = key == known[place] and (exact or key not in loose)
        state = "out" if not key else "recognised" if sure else "check"
        found.append(FileColumn(place, name, next(iter(cells[place]), ""), key, state, options))
    return found


def questions(run: ImportRun) -> dict[str, Any]:
    """This will return what a file leaves open, as the columns page asks it."""
    shape = SHAPES[ImportKind(run.kind)]
    keys = {key for key in run.mapping if key}
    has_ids = bool({"id", "partner_id", "parent_id"} & keys)
    return {
        "recognised": len(keys),
        "asks_decimal": bool({"amount", "value", "size"} & keys),
        "asks_dates": any(
            column.key in keys and column.reads.__name__ in ("day", "month", "moment")
            for column in shape.columns
        ),
        "asks_role": run.kind == ImportKind.CONTACTS and "role" not in keys,
        "asks_share": run.kind == ImportKind.DEALS and "share" not in keys,
        "asks_source": has_ids,
        "roles": ContactRole.choices,
    }


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the file as the check page shows it; `says` where it can't be used."""

    number: int
    cells: Sequence[tuple[str, str, bool]]  # label, text, whether it is to blame
    says: str = ""
    offer: str = ""
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The check page: which rows are shown, of how many."""

    finding: Finding
    show: str
    tabs: Sequence[tuple[str, str, int]]
    labels: Sequence[str]
    rows: Sequence[ShownRow]
    total: int
    will: Sequence[tuple[str, str]]
    lacks_managers: bool


def checked(run: ImportRun, *, show: str, whole: bool) -> Checked | None:
    """This will return what a check found, one sort of rows at a time; None once deleted."""
    finding = finding_of(run)
    if finding is None:
        return None
    wrong = len(finding.wrong) or len(finding.problems)
    sorts = [
        ("problems", "Problems", wrong),
        ("new", "New", finding.outcomes["new"]),
        ("changed", "Changed", finding.outcomes["changed"]),
        ("same", "Unchanged", finding.outcomes["same"]),
    ]
    known = {key for key, _, size in sorts if size}
    chosen = show if show in known else next((k for k, _, size in sorts if size), "problems")
    places = [n for n, key in enumerate(run.mapping) if key][:MOST_COLUMNS]
    limit = MOST_ROWS if whole else FIRST
    if chosen == "problems":
        same = recurring(run, finding.problems)
        rows = [_problem(run, places, told, same) for told in finding.problems[:limit]]
    else:
        rows = [
            ShownRow(number, _cells(run, places, cells, blame=""))
            for number, cells in finding.samples.get(chosen, [])[:limit]
        ]
    labels = [_label(run, place) for place in places]
    total = {key: size for key, _, size in sorts}[chosen]
    lacking = any(told["column"] == "manager" for told in finding.problems)
    return Checked(finding, chosen, sorts, labels, rows, total, _will(finding), lacking)


def _will(finding: Finding) -> list[tuple[str, str]]:
    main = ("partner", "contact", "member", "customer", "deal", "revenue", "cost", "target",
            "signal")  # fmt: skip
    told = [(f"New {LABELS[t]}", count(n)) for t in main if (n := finding.new.get(t, 0))]
    told += [(f"Changed {LABELS[t]}", count(n)) for t in main if (n := finding.changed.get(t, 0))]
    others = sum(n for t, n in finding.new.items() if t not in main)
    others += sum(n for t, n in finding.changed.items() if t not in main)
    if others:
        told.append(("Segments, roles, ids and the like", count(others)))
    if finding.found_by_name:
        told.append(("Partners found by name alone", count(finding.found_by_name)))
    return [*told, ("Removed", "none"), ("Asked at once", "nobody")]


def _problem(
    run: ImportRun, places: Sequence[int], told: dict[str, Any], same: Counter[tuple[str, str]]
) -> ShownRow:
    cells = _cells(run, places, told["cells"], blame=told["column"])
    fix = None if told["offer"] else fix_of(run, told, same=same)
    return ShownRow(told["row"], cells, told["says"], told["offer"], fix)


def _cells(
    run: ImportRun, places: Sequence[int], cells: Sequence[str], *, blame: str
) -> list[tuple[str, str, bool]]:
    return [
        (
            _label(run, place),
            cells[place][:80] if place < len(cells) else "",
            bool(blame) and run.mapping[place] == blame,
        )
        for place in places
    ]


def _label(run: ImportRun, place: int) -> str:
    return SHAPES[ImportKind(run.kind)].column(run.mapping[place]).label


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long step has come."""

    title: str
    done: int
    rows: int


def progress(run: ImportRun) -> Progress:
    """This will tell how far a long step has come."""
    titles = {
        ImportState.CHECKING: "Checking the rows",
        ImportState.SAVING: "Saving the rows",
        ImportState.UNDOING: "Undoing the import",
    }
    return Progress(titles[ImportState(run.state)], run.rows_done, run.rows)


@dataclass(frozen=True, slots=True)
class Result:
    """What an import came to, or what its undoing left."""

    title: str
    new: Sequence[tuple[str, str]]
    changed: Sequence[tuple[str, str]]
    may_undo: bool
    kept: Sequence[tuple[str, str, str]]  # table, name, why
    more_kept: int


def result(run: ImportRun, changes: Iterable[ImportedChange], *, at: datetime) -> Result:
    """This will tell how an import ended."""
    counts = run.counts
    saved = counted(counts.get("saved", 0), "row", "rows")
    titles = {
        ImportState.SAVED: f"Saved: {saved}",
        ImportState.UNDONE: "The import is undone",
        ImportState.FAILED: "The import stopped",
    }
    kept = list(_kept(changes)) if run.state == ImportState.UNDONE else []
    return Result(
        titles[ImportState(run.state)],
        _labelled(counts.get("new", {})),
        _labelled(counts.get("changed", {})),
        may_undo(run, at=at),
        kept[:MOST_KEPT],
        max(0, len(kept) - MOST_KEPT),
    )


def _labelled(tally: dict[str, int]) -> list[tuple[str, str]]:
    return [(LABELS[t].capitalize(), count(tally[t])) for t in LABELS if tally.get(t)]


def _kept(changes: Iterable[ImportedChange]) -> Iterable[tuple[str, str, str]]:
    for change in changes:
        why = dict(change.kept)
        if why:
            rows = TABLES[change.table]._base_manager.filter(pk__in=why)
            for row in rows:
                yield LABELS[change.table], str(row), why[row.pk]


@dataclass(frozen=True, slots=True)
class PastRun:
    """A line of the list of imports."""

    run: ImportRun
    kind: str
    state: str
    may_undo: bool


def past(program: Program, *, at: datetime) -> list[PastRun]:
    """This will return all imports, the latest first."""
    runs = ImportRun.objects.of(program).order_by("-created_at", "pk")
    return [
        PastRun(run, run.get_kind_display(), run.get_state_display(), may_undo(run, at=at))
        for run in runs
    ]
