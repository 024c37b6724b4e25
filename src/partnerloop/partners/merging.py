"""Merging two partners, or two people, that turned out to be one; one act, and it can be undone.

What belongs to the company or person moves: contacts, managers, customers, deals, money, signals,
ids. What was said and counted stays where it was, because an atom never changes: a merged partner
stays as an ended member of the other's group, so that both are one company for every threshold.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    Cost,
    Customer,
    Deal,
    ExternalId,
    LifecycleEvent,
    MailDomain,
    Merge,
    Partner,
    PartnerAssignment,
    Revenue,
    Signal,
    Target,
)

OF_PARTNER: dict[str, type[models.Model]] = {
    "affiliation": Affiliation,
    "assignment": PartnerAssignment,
    "domain": MailDomain,
    "customer": Customer,
    "deal": Deal,
    "revenue": Revenue,
    "cost": Cost,
    "target": Target,
    "signal": Signal,
    "event": LifecycleEvent,
    "external_id": ExternalId,
}
OF_CONTACT: dict[str, type[models.Model]] = {
    "affiliation": Affiliation,
    "event": LifecycleEvent,
    "external_id": ExternalId,
}
MADE = "made"
Moves = list[list[Any]]  # [table, key, before, after]


class CannotBeMerged(ValueError):
    """These two can't be one; the message says why."""


class CannotBeUndone(RuntimeError):
    """The merge was undone, or what it joined has moved on; the message says which."""


@transaction.atomic
def merge_partners(merged: Partner, *, into: Partner, by: Membership, at: datetime) -> Merge:
    """This will take one partner into another, or raise `CannotBeMerged`."""
    _refuse(merged, into, is_gone=merged.ended_on is not None and merged.parent_id == into.pk)
    if into.parent_id == merged.pk:
        raise CannotBeMerged("This is the parent. Merge the child into it instead.")
    moves: Moves = list(_move(OF_PARTNER, "partner", merged.pk, into.pk, program=merged.program_id))
    for child in Partner.objects.of(merged.program_id).filter(parent=merged).exclude(pk=into.pk):
        moves.append(_changed("partner", child, parent_id=into.parent_id or into.pk))
    moves += _alias(merged.program_id, source="name", value=merged.name, partner_id=into.pk)
    on = max(at.date(), merged.joined_on)
    held = {"ended_on": merged.ended_on or on, "ended_reason": merged.ended_reason or "Merged"}
    moves.append(_changed("partner", merged, **held, parent_id=into.parent_id or into.pk))
    merge = Merge.objects.create(
        program_id=merged.program_id,
        kept_partner=into,
        merged_partner=merged,
        at=at,
        by=by,
        moves=moves,
    )
    _note("partners.merged", merge, by=by, at=at)
    return merge


@transaction.atomic
def merge_contacts(merged: Contact, *, into: Contact, by: Membership, at: datetime) -> Merge:
    """This will take one person into another, or raise `CannotBeMerged`.

    Whoever asked not to be asked keeps that wish. Nobody is asked at the merged address again.
    """
    program = merged.program_id
    away = Merge.objects.of(program).filter(merged_contact=merged, undone_at__isnull=True)
    _refuse(merged, into, is_gone=away.exists())
    moves: Moves = list(_move(OF_CONTACT, "contact", merged.pk, into.pk, program=program))
    left = Affiliation.objects.of(program).current(at.date()).filter(contact=merged)
    for place in left:  # the other works there already
        moves.append(_changed("affiliation", place, until=max(at.date(), place.since)))
    moves += _alias(program, source="email", value=merged.email.lower(), contact_id=into.pk)
    if merged.stopped_at and not into.stopped_at:
        moves.append(_changed("contact", into, stopped_at=merged.stopped_at))
    if not merged.stopped_at:
        moves.append(_changed("contact", merged, stopped_at=at))
    merge = Merge.objects.create(
        program_id=program, kept_contact=into, merged_contact=merged, at=at, by=by, moves=moves
    )
    _note("contacts.merged", merge, by=by, at=at)
    return merge


@transaction.atomic
def undo_merge(merge: Merge, *, by: Membership, at: datetime) -> None:
    """This will part what was merged; a row that changed since stays where it is now."""
    if merge.undone_at is not None:
        raise CannotBeUndone("This merge was undone already.")
    for table, key, before, after in reversed(merge.moves):
        model = _model(table)
        row = model._base_manager.filter(pk=key)
        if before == MADE:
            row.delete()
            continue
        held = row.values(*after).first()
        as_left = {name for name in after if held and _plain(held[name]) == after[name]}
        values = {name: _python(model, name, before[name]) for name in as_left}
        if values:
            _put_back(row, values)
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    _note("merge.undone", merge, by=by, at=at)


def _refuse(merged: Partner | Contact, into: Partner | Contact, *, is_gone: bool) -> None:
    if merged.pk == into.pk:
        raise CannotBeMerged("These are the same already.")
    if merged.program_id != into.program_id:
        raise CannotBeMerged("These belong to two programs.")
    if is_gone:
        raise CannotBeMerged(f"{merged} was merged already.")


def _move(
    tables: dict[str, type[models.Model]], pointer: str, old: int, new: int, *, program: int
) -> Iterator[list[Any]]:
    """Point rows at the kept one; a row that it has already stays behind."""
    column = f"{pointer}_id"
    for table, model in tables.items():
        rows = model._base_manager.filter(program_id=program, **{column: old})
        for key in rows.order_by("pk").values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=key).update(**{column: new})
            except IntegrityError:
                continue
            yield [table, key, {column: old}, {column: new}]


def _alias(program: int, *, source: str, value: str, **target: int) -> Moves:
    """Keep what the merged row was called, so that imports still find the kept one."""
    kind = next(iter(target)).removesuffix("_id")
    known, is_new = ExternalId.objects.of(program).get_or_create(
        program_id=program,
        kind=kind,
        source=source,
        value=value.casefold()[:200],
        defaults=target,
    )
    return [["external_id", known.pk, MADE, {}]] if is_new else []


def _changed(table: str, row: models.Model, **values: Any) -> list[Any]:
    before = {name: _plain(getattr(row, name)) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=[name.removesuffix("_id") for name in values])
    return [table, row.pk, before, {name: _plain(value) for name, value in values.items()}]


def _put_back(row: models.QuerySet[Any], values: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            row.update(**values)
    except IntegrityError:  # a successor has taken its place since
        return


def _model(table: str) -> type[models.Model]:
    people: dict[str, type[models.Model]] = {"partner": Partner, "contact": Contact}
    return (OF_PARTNER | people)[table]


def _python(model: type[models.Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field), "only columns are moved"
    return field.to_python(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _note(action: str, merge: Merge, *, by: Membership, at: datetime) -> None:
    kept = (
        f"partner:{merge.kept_partner_id}"
        if merge.kept_partner_id
        else f"contact:{merge.kept_contact_id}"
    )
    record_by(
        by, action, target=kept, at=at, fields=tuple(sorted({str(move[0]) for move in merge.moves}))
    )
