"""The shapes of imports: what was sent, what its check found, how far it is."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from partnerloop.partners.importing.checking import finding_of
from partnerloop.partners.models import ImportKind, ImportRun, ImportState

MOST_PROBLEMS = 500
NO_NUL = r"^[^\x00]*$"


class ImportAskedShape(Schema):
    """What the sender says about a file; whatever is left out is recognised."""

    kind: ImportKind | None = Field(None, description="What the file holds.")
    template: str = Field("", max_length=80, pattern=NO_NUL, description="A saved template.")
    mapping: str = Field(
        "",
        max_length=20_000,
        pattern=NO_NUL,
        description='JSON: for columns of the file a meaning, or "" to leave one out.',
    )
    choices: str = Field(
        "",
        max_length=2_000,
        pattern=NO_NUL,
        description="JSON: decimal, dates, role, share, where the file leaves them open.",
    )
    source: str = Field(
        "", max_length=40, pattern=NO_NUL, description="Whose ids the file carries."
    )


class ImportColumnShape(Schema):
    """A column of the file and what it is taken for; an empty meaning is left out."""

    name: str
    means: str


class ImportProblemShape(Schema):
    """Why a row can't be used: row and column of the file, and a sentence."""

    row: int
    column: str
    says: str
    offer: str


class ImportShape(Schema):
    """An import: where it stands, what its check found, what saving came to."""

    id: UUID
    kind: ImportKind
    state: ImportState
    file_name: str
    described: str
    created_at: datetime
    saved_at: datetime | None
    undone_at: datetime | None
    rows: int
    rows_done: int = Field(..., description="Progress while checking, saving or undoing.")
    ready: int | None = Field(None, description="Rows that would be saved.")
    outcomes: dict[str, int] = Field(..., description="Rows that are new, changed or the same.")
    new: dict[str, int]
    changed: dict[str, int]
    columns: list[ImportColumnShape]
    problems: list[ImportProblemShape] = Field(..., description="The first 500.")
    rows_with_problems: int
    failure: str


class ImportsShape(Schema):
    """Some of the imports."""

    imports: list[ImportShape]
    next_cursor: str | None


def import_shape(run: ImportRun, *, most_problems: int = MOST_PROBLEMS) -> ImportShape:
    """Return an import with up to so many problems."""
    is_checked = run.state not in (ImportState.UPLOADED, ImportState.CHECKING)
    finding = finding_of(run) if is_checked else None
    problems = finding.problems[:most_problems] if finding else []
    is_saved = "saved" in run.counts
    planned = {"new": finding.new, "changed": finding.changed} if finding else {}
    told = run.counts if is_saved else planned
    return ImportShape(
        id=run.pk,
        kind=ImportKind(run.kind),
        state=ImportState(run.state),
        file_name=run.file_name,
        described=run.described,
        created_at=run.created_at,
        saved_at=run.saved_at,
        undone_at=run.undone_at,
        rows=run.rows,
        rows_done=run.rows_done,
        ready=finding.ready if finding else None,
        outcomes=dict(finding.outcomes) if finding else {},
        new=told.get("new", {}),
        changed=told.get("changed", {}),
        columns=[
            ImportColumnShape(name=name, means=key)
            for name, key in zip(run.header, run.mapping, strict=True)
        ],
        problems=[
            ImportProblemShape(
                row=one["row"], column=one["column"], says=one["says"], offer=one["offer"]
            )
            for one in problems
        ],
        rows_with_problems=len(finding.wrong) if finding else 0,
        failure=run.failure,
    )
