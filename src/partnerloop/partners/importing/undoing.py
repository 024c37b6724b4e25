"""Undoing an import: what it made and nobody used since goes, fields nobody edited go back.

It walks backwards, so that what hangs on a row goes before the row. What then still points at a row
was made by somebody else, in whatever room: the row stays, and is listed.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from partnerloop.accounts.models import Membership, User
from partnerloop.partners.importing.beginning import NotNow
from partnerloop.partners.importing.checking import Beat
from partnerloop.partners.importing.keeping import KEPT
from partnerloop.partners.importing.saving import AT_WORK, note
from partnerloop.partners.importing.writing import TABLES, as_json
from partnerloop.partners.models import ImportedChange, ImportRun, ImportState

USED, EDITED = "used since", "edited since"
Stays = list[list[Any]]  # [key, why]


def may_undo(run: ImportRun, *, at: datetime) -> bool:
    """This will tell whether an import can still be undone."""
    done = run.confirmed_at
    return (
        run.state in (ImportState.SAVED, ImportState.FAILED)
        and done is not None
        and at - done < KEPT
        and run.changes.exists()
    )


def recall(run: ImportRun, *, by: Membership | None, at: datetime) -> None:
    """This will begin undoing, or raise `NotNow`."""
    if not may_undo(run, at=at):
        raise NotNow("This import can't be undone any more: 30 days have passed.")
    try:
        with transaction.atomic():
            moved = (
                ImportRun.objects.of(run.program_id)
                .filter(pk=run.pk, state__in=(ImportState.SAVED, ImportState.FAILED))
                .update(state=ImportState.UNDOING, undone_by=by, rows_done=0)
            )
    except IntegrityError:
        raise NotNow(AT_WORK) from None
    if not moved:
        raise NotNow("This import is being undone already.")
    run.refresh_from_db()


def undo(run: ImportRun, *, at: datetime, beat: Beat = lambda: None) -> None:
    """This will take back what an import did; called again, it goes on where it stopped."""
    if run.state != ImportState.UNDOING:
        return
    changes = list(run.changes.order_by("-pk").values_list("pk", flat=True))
    for done, change in enumerate(changes, start=1):
        with transaction.atomic():
            run.rows_done = run.rows * done // len(changes)  # the progress a page shows
            _take_back(run, run.changes.get(pk=change))
        beat()
    run.state, run.undone_at = ImportState.UNDONE, at
    run.save(update_fields=["state", "undone_at", "counts"])
    note(run, "import.undone", by=run.undone_by, at=at)


def _take_back(run: ImportRun, change: ImportedChange) -> None:
    if not change.rows:
        return
    model = TABLES[change.table]
    made = [row for row in change.rows if row[1] is None]
    altered = [row for row in change.rows if row[1] is not None]
    stays = _restore(model, altered) + _remove(model, made)
    counts = run.counts
    counts["removed"] = counts.get("removed", 0) + len(made)
    counts["restored"] = counts.get("restored", 0) + len(altered)
    counts["kept"] = counts.get("kept", 0) + len(stays)
    keys = {key for key, _ in stays}
    counts["removed"] -= sum(row[0] in keys for row in made)
    counts["restored"] -= sum(row[0] in keys for row in altered)
    run.save(update_fields=["counts", "rows_done"])
    change.kept, change.rows = stays, []
    change.save(update_fields=["kept", "rows"])


def _remove(model: type[models.Model], made: list[list[Any]]) -> Stays:
    if not made:
        return []
    held = _held(model, made)
    edited = {key for key, _, after in made if key in held and not _is_as(held[key], after, model)}
    free = set(held) - edited
    used = _used(model, sorted(free))
    if model is User:
        seen = User.objects.filter(pk__in=free, last_login__isnull=False)
        used |= set(seen.values_list("pk", flat=True))
    gone = sorted(free - used)
    try:
        with transaction.atomic():
            model._base_manager.filter(pk__in=gone).delete()
    except (models.ProtectedError, models.RestrictedError, IntegrityError):
        used |= set(gone)
    return [[key, EDITED] for key in sorted(edited)] + [[key, USED] for key in sorted(used)]


def _restore(model: type[models.Model], altered: list[list[Any]]) -> Stays:
    held = _held(model, altered)
    stays: Stays = []
    for key, before, after in reversed(altered):
        if key not in held:
            continue
        as_left = [name for name in after if _is_as(held[key], {name: after[name]}, model)]
        values = {name: _python(model, name, before[name]) for name in as_left}
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=key).update(**values)
        except IntegrityError:  # its successor stays, so that it can't come back
            stays.append([key, USED])
            continue
        held[key] |= before
        if len(as_left) < len(after):
            stays.append([key, EDITED])
    return stays


def _held(model: type[models.Model], rows: list[list[Any]]) -> dict[Any, dict[str, Any]]:
    names = sorted({name for row in rows for name in row[2]})
    found = model._base_manager.filter(pk__in=[row[0] for row in rows])
    return {row.pop("pk"): as_json(row) for row in found.values("pk", *names)}


def _is_as(held: dict[str, Any], told: dict[str, Any], model: type[models.Model]) -> bool:
    """Return whether a row still holds what it was told, whatever the notation."""
    return all(
        _python(model, name, held[name]) == _python(model, name, value)
        for name, value in told.items()
    )


def _python(model: type[models.Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field), "an import writes columns only"
    return field.to_python(value)


def _used(model: type[models.Model], keys: list[Any]) -> set[Any]:
    """Return which rows something else points at, in any room: this room needn't know it."""
    used: set[Any] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.many_to_many:
            continue
        pointing = relation.related_model
        name = relation.field.attname
        assert not isinstance(pointing, str), "all models are loaded by now"
        rows = pointing._base_manager.filter(**{f"{name}__in": keys})
        used.update(rows.values_list(name, flat=True).distinct())
    return used
