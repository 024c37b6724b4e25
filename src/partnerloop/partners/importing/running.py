"""Doing the long steps of an import: at once for a short file, by the worker for a long one."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.core.models import Event
from partnerloop.core.outbox import Happening, publish
from partnerloop.partners.importing.beginning import OPEN, NotNow
from partnerloop.partners.importing.checking import Beat, check
from partnerloop.partners.importing.keeping import shelf_of
from partnerloop.partners.importing.saving import DELETED, confirm, save
from partnerloop.partners.importing.undoing import recall, undo
from partnerloop.partners.models import ImportRun, ImportState

SHORT = 2000  # rows: a second or two, which a person waits for

MAPPED = "import.mapped"
CONFIRMED = "import.confirmed"
RECALLED = "import.recalled"


def start_check(run: ImportRun, *, by: Membership | None, at: datetime) -> None:
    """This will check a run, or have the worker check it."""
    if run.state not in OPEN:
        raise NotNow("This import was confirmed already.")
    if not shelf_of(run.pk).is_there:
        raise NotNow(DELETED)
    if run.rows <= SHORT:
        check(run, by=by, at=at)
        return
    with transaction.atomic():
        run.state, run.rows_done = ImportState.CHECKING, 0
        run.save(update_fields=["state", "rows_done"])
        publish(_mapped(run, at), at=at)


def start_save(run: ImportRun, *, by: Membership | None, at: datetime) -> None:
    """This will save a checked run, or have the worker save it; `NotNow` if it can't be."""
    if run.rows <= SHORT:
        with transaction.atomic():  # a server that dies here leaves nothing half done
            confirm(run, by=by, at=at)
            save(run, at=at)
        return
    with transaction.atomic():
        confirm(run, by=by, at=at)
        publish(_confirmed(run, at), at=at)


def start_undo(run: ImportRun, *, by: Membership | None, at: datetime) -> None:
    """This will undo a saved run, or have the worker undo it; `NotNow` if it can't be."""
    if run.rows <= SHORT:
        with transaction.atomic():
            recall(run, by=by, at=at)
            undo(run, at=at)
        return
    with transaction.atomic():
        recall(run, by=by, at=at)
        publish(_recalled(run, at), at=at)


def is_stuck(run: ImportRun) -> bool:
    """Return whether a long step stands still: the worker gave up after its last try."""
    if run.state not in KINDS:
        return False
    waiting = Event.objects.filter(finished_at__isnull=True, program_id=run.program_id)
    return not waiting.filter(key__startswith=f"{KINDS[run.state]}:{run.pk}:").exists()


def start_again(run: ImportRun, *, at: datetime) -> None:
    """This will have the worker go on with a step that it gave up; nothing is done twice."""
    if not is_stuck(run):
        raise NotNow("It is still at work.")
    with transaction.atomic():
        publish(LONG_STEPS[run.state](run, at), at=at)


def _mapped(run: ImportRun, at: datetime) -> Happening:
    return Happening(MAPPED, _key(MAPPED, run, at), run.program_id, {"run": str(run.pk)})


def _confirmed(run: ImportRun, at: datetime) -> Happening:
    return Happening(CONFIRMED, _key(CONFIRMED, run, at), run.program_id, {"run": str(run.pk)})


def _recalled(run: ImportRun, at: datetime) -> Happening:
    return Happening(RECALLED, _key(RECALLED, run, at), run.program_id, {"run": str(run.pk)})


LONG_STEPS: dict[str, Callable[[ImportRun, datetime], Happening]] = {
    ImportState.CHECKING: _mapped,
    ImportState.SAVING: _confirmed,
    ImportState.UNDOING: _recalled,
}
KINDS: dict[str, str] = {
    ImportState.CHECKING: MAPPED,
    ImportState.SAVING: CONFIRMED,
    ImportState.UNDOING: RECALLED,
}


def go_on(program_id: int, run_id: str, *, at: datetime, beat: Beat) -> None:
    """This will do the long step that a run stands at; nothing if it is done or thrown away."""
    run = ImportRun.objects.of(program_id).filter(pk=UUID(run_id)).first()
    if run is not None and (step := STEPS.get(run.state)):
        step(run, at, beat)


def _check(run: ImportRun, at: datetime, beat: Beat) -> None:
    check(run, by=run.created_by, at=at, beat=beat)


def _save(run: ImportRun, at: datetime, beat: Beat) -> None:
    save(run, at=at, beat=beat)


def _undo(run: ImportRun, at: datetime, beat: Beat) -> None:
    undo(run, at=at, beat=beat)


STEPS: dict[str, Callable[[ImportRun, datetime, Beat], None]] = {
    ImportState.CHECKING: _check,
    ImportState.SAVING: _save,
    ImportState.UNDOING: _undo,
}


def _key(kind: str, run: ImportRun, at: datetime) -> str:
    return f"{kind}:{run.pk}:{at.isoformat()}"
