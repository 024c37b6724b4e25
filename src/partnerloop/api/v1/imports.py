"""Imports by machines: a file goes in and is checked; only a second call saves; a third undoes."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Status, UploadedFile

from partnerloop.accounts.models import Membership
from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.paging import Limit, sheet
from partnerloop.api.problems import Problem
from partnerloop.api.repeating import Key, reply_once
from partnerloop.api.v1.shapes_of_imports import (
    ImportAskedShape,
    ImportShape,
    ImportsShape,
    import_shape,
)
from partnerloop.core import clock
from partnerloop.integrations.keys.repeating import Asked
from partnerloop.integrations.models import KeyScope
from partnerloop.partners.importing.beginning import (
    CHOICES,
    ColumnsMissing,
    NotNow,
    Upload,
    begin,
    name_columns,
)
from partnerloop.partners.importing.keeping import shelf_of
from partnerloop.partners.importing.running import start_check, start_save, start_undo
from partnerloop.partners.importing.tables import UnreadableFile
from partnerloop.partners.models import ImportRun, ImportTemplate

router = Router(tags=["imports"])


@router.get("/imports", response=ImportsShape, auth=Bearer(KeyScope.IMPORTS))
def list_imports(request: HttpRequest, cursor: str = "", limit: Limit = 50) -> ImportsShape:
    """Return the imports of the last thirty days, without their problems."""
    member = _runner(request)
    runs = ImportRun.objects.of(member.program_id)
    found = sheet(runs, of=f"imports.{member.program_id}", cursor=cursor, limit=limit)
    shapes = [import_shape(run, most_problems=0) for run in found.rows]
    return ImportsShape(imports=shapes, next_cursor=found.next_cursor)


@router.get("/imports/{uuid:import_id}", response=ImportShape, auth=Bearer(KeyScope.IMPORTS))
def show_import(request: HttpRequest, import_id: UUID) -> ImportShape:
    """Return how far an import is, and what its check found."""
    return import_shape(_run(_runner(request), import_id))


@router.post("/imports", response={201: ImportShape}, auth=Bearer(KeyScope.IMPORTS))
def create_import(
    request: HttpRequest,
    response: HttpResponse,
    file: File[UploadedFile],
    asked: Form[ImportAskedShape],
    idempotency_key: Key = "",
) -> Status[dict[str, Any]]:
    """Take a CSV or XLSX file in and check it. Nothing is saved before it is confirmed."""
    member = _runner(request)
    said = f"{_hash(file)} {asked.model_dump_json()}"

    def work() -> ImportRun:
        run = _begun(member, file, asked)
        try:
            _name(run, asked)
            start_check(run, by=member, at=clock.now())
        except BaseException:
            shelf_of(run.pk).forget()
            raise
        return run

    return _reply(request, response, Asked(idempotency_key, "import", said), work=work)


@router.post(
    "/imports/{uuid:import_id}/confirm", response={201: ImportShape}, auth=Bearer(KeyScope.IMPORTS)
)
def confirm_import(
    request: HttpRequest, response: HttpResponse, import_id: UUID, idempotency_key: Key = ""
) -> Status[dict[str, Any]]:
    """Save the rows that are right; rows with problems are left out."""
    route = f"import-confirm:{import_id}"
    return _step(request, response, route, import_id, start_save, key=idempotency_key)


@router.post(
    "/imports/{uuid:import_id}/undo", response={201: ImportShape}, auth=Bearer(KeyScope.IMPORTS)
)
def undo_import(
    request: HttpRequest, response: HttpResponse, import_id: UUID, idempotency_key: Key = ""
) -> Status[dict[str, Any]]:
    """Take a saved import back, except for what somebody used or changed since."""
    route = f"import-undo:{import_id}"
    return _step(request, response, route, import_id, start_undo, key=idempotency_key)


def _runner(request: HttpRequest) -> Membership:
    _program, member = caller_of(request)
    if not member.runs_program:
        raise Problem(403, "Owners and channel chiefs import; the member of this key is neither.")
    return member


def _run(member: Membership, import_id: UUID) -> ImportRun:
    run = ImportRun.objects.of(member.program_id).filter(pk=import_id).first()
    if run is None:
        raise Problem(404, "There is no such import.")
    return run


class Start(Protocol):
    """Begins a step of an import."""

    def __call__(self, run: ImportRun, *, by: Membership | None, at: datetime) -> None: ...


def _step(
    request: HttpRequest,
    response: HttpResponse,
    route: str,
    import_id: UUID,
    start: Start,
    *,
    key: str,
) -> Status[dict[str, Any]]:
    """Take the next step of an import that is here already."""
    member = _runner(request)

    def work() -> ImportRun:
        run = _run(member, import_id)
        start(run, by=member, at=clock.now())
        return run

    return _reply(request, response, Asked(key, route, ""), work=work)


def _reply(
    request: HttpRequest, response: HttpResponse, asked: Asked, *, work: Callable[[], ImportRun]
) -> Status[dict[str, Any]]:
    """Do a step once for each Idempotency-Key, and translate what can't be done."""

    def done() -> dict[str, Any]:
        try:
            return import_shape(work()).model_dump(mode="json")
        except (UnreadableFile, ColumnsMissing) as why:
            raise Problem(422, str(why)) from None
        except NotNow as why:
            raise Problem(409, str(why)) from None

    return reply_once(request, response, asked, work=done)


def _begun(member: Membership, file: UploadedFile, asked: ImportAskedShape) -> ImportRun:
    template = None
    if asked.template:
        templates = ImportTemplate.objects.of(member.program_id)
        template = templates.filter(name=asked.template).first()
        if template is None:
            raise Problem(422, "There is no template of this name.")
    with tempfile.NamedTemporaryFile() as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        name = (file.name or "file").replace("\0", "")
        given = Upload(Path(kept.name), name, kind=asked.kind, template=template)
        return begin(member.program, given, by=member, at=clock.now())


def _name(run: ImportRun, asked: ImportAskedShape) -> None:
    """Take over what the sender says about columns; unnamed ones stay as they were recognised."""
    mapping, said = _words(asked.mapping), _words(asked.choices)
    unknown = sorted(set(mapping) - set(run.header))
    if unknown:
        raise ColumnsMissing(f"The file has no column {', '.join(unknown)[:200]}.")
    named = [mapping.get(name, key) for name, key in zip(run.header, run.mapping, strict=True)]
    choices = {key: value for key, value in said.items() if key in CHOICES}
    name_columns(run, named, choices=choices, source=asked.source or run.source)


def _words(text: str) -> dict[str, str]:
    """Read an object of words; the shape checks its size only."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise ColumnsMissing('Send mapping and choices as JSON, such as {"Account": "name"}.')
    return {str(key): one for key, one in found.items()}


def _hash(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
