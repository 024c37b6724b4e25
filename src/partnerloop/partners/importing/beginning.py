"""The first steps of an import: a file is taken in, and a person says what its columns mean."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.core.models import record_audit
from partnerloop.partners.importing.cells import Ways
from partnerloop.partners.importing.keeping import KEPT, Shelf, forget_old, shelf_of
from partnerloop.partners.importing.opening import opened
from partnerloop.partners.importing.recognising import (
    likely_kind,
    likely_ways,
    missing,
    recognise,
)
from partnerloop.partners.importing.shapes import SHAPES
from partnerloop.partners.models import (
    ContactRole,
    ImportKind,
    ImportRun,
    ImportState,
    ImportTemplate,
)
from partnerloop.programs.models import Program

ALIASES = ("name", "email")  # sources that merges keep for what a row was called
OPEN = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED)
CHOICES: Mapping[str, Sequence[str]] = {
    "decimal": (".", ","),
    "dates": ("day", "month"),
    "role": ("", *ContactRole.values),
    "share": ("influenced", "sourced"),
}


class ColumnsMissing(ValueError):
    """What a kind of file must have has no column yet; the message names it."""


class NotNow(RuntimeError):
    """An import has moved on, or another one is at work; the message says which and what helps."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was given, and what its giver says about it."""

    path: Path
    name: str
    kind: ImportKind | None = None
    template: ImportTemplate | None = None


def begin(program: Program, upload: Upload, *, by: Membership | None, at: datetime) -> ImportRun:
    """This will take a file in and guess what its columns mean, or raise `UnreadableFile`."""
    run = ImportRun(id=uuid.uuid4(), program=program, created_at=at, created_by=by)
    shelf = shelf_of(run.pk)
    try:
        with opened(upload.path) as table:
            run.header = list(table.header)
            run.rows = shelf.put(table)
            run.described, separator = table.described[:200], table.separator
    except BaseException:
        shelf.forget()
        raise
    run.file_name = Path(upload.name).name[:200] or "file"
    template = upload.template
    run.kind = template.kind if template else upload.kind or likely_kind(run.header) or "contacts"
    guess(run, shelf, separator=separator)
    if template:
        _apply(template, run)
    with transaction.atomic():
        run.save(force_insert=True)
        record_audit(
            "import.begun",
            at=at,
            actor=f"user:{by.user_id}" if by else "system",
            target=f"import:{run.pk}",
            program_id=program.pk,
        )
    return run


def guess(run: ImportRun, shelf: Shelf, *, separator: str = ",") -> None:
    """This will name a run's columns anew, from what they are called; nothing is stored."""
    kind = ImportKind(run.kind)
    found = recognise(run.header, kind=kind)
    ways = likely_ways(shelf, found.mapping, shape=SHAPES[kind], separator=separator)
    run.mapping, run.source = found.mapping, found.source
    run.choices = {
        "decimal": ways.decimal,
        "dates": "day" if ways.day_first else "month",
        "role": "",
        "share": "influenced",
        "separator": separator,
    }


def change_kind(run: ImportRun, kind: ImportKind) -> None:
    """This will take the file for another kind, and name its columns anew."""
    _must_be_open(run)
    run.kind = kind
    guess(run, shelf_of(run.pk), separator=run.choices.get("separator", ","))
    run.state = ImportState.UPLOADED
    run.save(update_fields=["kind", "mapping", "source", "choices", "state"])


def name_columns(
    run: ImportRun, mapping: Sequence[str], *, choices: Mapping[str, str], source: str
) -> None:
    """This will store what each column means, or raise `ColumnsMissing`."""
    _must_be_open(run)
    shape = SHAPES[ImportKind(run.kind)]
    known = {column.key: column.label for column in shape.columns}
    chosen = [key if key in known else "" for key in mapping][: len(run.header)]
    chosen += [""] * (len(run.header) - len(chosen))
    run.mapping = chosen
    named = " ".join(source.split())[:40]
    run.source = named if named not in ("", *ALIASES) else "file"
    allowed = {k: v for k, v in choices.items() if v in CHOICES.get(k, ())}
    run.choices = {**run.choices, **allowed}
    twice = [known[key] for key in dict.fromkeys(chosen) if key and chosen.count(key) > 1]
    if twice:
        raise ColumnsMissing(f"Two columns mean {' and '.join(twice)}: leave one of them out.")
    lacking = missing(shape, chosen)
    if lacking:
        raise ColumnsMissing(f"Still needed: {', '.join(lacking)}.")
    run.state = ImportState.UPLOADED
    run.save(update_fields=["mapping", "source", "choices", "state"])


def tell_twins_apart(run: ImportRun, name: str, *, answer: str) -> None:
    """This will note whether a name means the partner that it looks like: "same" or "other"."""
    _must_be_open(run)
    if answer in ("same", "other"):
        twins = {**run.choices.get("twins", {}), name.casefold()[:200]: answer}
        run.choices = {**run.choices, "twins": twins}
        run.save(update_fields=["choices"])


def ways_of(run: ImportRun) -> Ways:
    """This will return how the file writes numbers and days."""
    return Ways(run.choices.get("decimal", "."), run.choices.get("dates", "day") == "day")


def save_template(run: ImportRun, name: str, *, at: datetime) -> ImportTemplate:
    """This will keep what the columns mean under a name; the same name replaces."""
    choices: dict[str, Any] = {k: v for k, v in run.choices.items() if k in CHOICES}
    template, _ = ImportTemplate.objects.of(run.program_id).update_or_create(
        program_id=run.program_id,
        name=" ".join(name.split())[:80],
        defaults={
            "kind": run.kind,
            "source": run.source,
            "meanings": dict(zip(run.header, run.mapping, strict=True)),
            "choices": choices,
            "saved_at": at,
        },
    )
    return template


def forget(run: ImportRun) -> None:
    """This will throw an import away that was never confirmed, with its file."""
    _must_be_open(run)
    shelf_of(run.pk).forget()
    run.delete()


def forget_imports(program: Program, *, at: datetime) -> None:
    """This will delete what thirty days kept: files, how to undo, and imports never confirmed."""
    forget_old(at=at - timedelta(days=1))  # folders whose import is gone
    old = ImportRun.objects.of(program).filter(created_at__lt=at - KEPT)
    for run in old.iterator():
        shelf_of(run.pk).forget()
        if run.state in OPEN:
            run.delete()
        else:
            run.changes.all().delete()


def _apply(template: ImportTemplate, run: ImportRun) -> None:
    meanings = {name.casefold(): key for name, key in template.meanings.items()}
    with suppress(ColumnsMissing):
        run.mapping = [meanings.get(name.casefold(), "") for name in run.header]
        run.source = template.source
        run.choices = {**run.choices, **template.choices}


def _must_be_open(run: ImportRun) -> None:
    if run.state not in OPEN:
        raise NotNow("This import was confirmed already.")
