"""Objectives: set, changed and closed; what departments need to know, and their approval."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.partners.models import Department, Need, Objective
from partnerloop.programs.models import Program


class NothingToApprove(ValueError):
    """There is no objective, or the department has not said what it needs to know."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What an objective says. `questions` are keys, `template` the key of a template."""

    title: str
    why: str = ""
    sponsor: Membership | None = None
    measure: str = ""
    target: Decimal | None = None
    due_on: date | None = None
    questions: tuple[str, ...] = ()
    template: str = ""


@transaction.atomic
def set_objective(program: Program, aim: Aim, *, by: Membership, at: datetime) -> Objective:
    """This will note a new objective; departments approve it anew."""
    made = Objective.objects.create(program=program, created_at=at, changed_at=at, **_values(aim))
    _note("objective.set", made, by=by, at=at)
    return made


@transaction.atomic
def change_objective(objective: Objective, aim: Aim, *, by: Membership, at: datetime) -> None:
    """This will change what an objective says; saying the same changes nothing."""
    values = _values(aim)
    changed = [field for field, value in values.items() if getattr(objective, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(objective, field, values[field])
    objective.changed_at = at
    objective.save(update_fields=[*changed, "changed_at"])
    _note("objective.changed", objective, by=by, at=at, changed=tuple(changed))


@transaction.atomic
def close_objective(objective: Objective, *, by: Membership, at: datetime) -> None:
    """This will end an objective; its pulses stay."""
    if objective.closed_at is None:
        objective.closed_at = at
        objective.save(update_fields=["closed_at"])
        _note("objective.closed", objective, by=by, at=at)


@transaction.atomic
def tell_need(department: Department, words: str, *, by: Membership, at: datetime) -> Need:
    """This will note the one question that a department needs answered."""
    need, _ = Need.objects.of(department.program_id).update_or_create(
        department=department,
        defaults={"program_id": department.program_id, "words": words, "told_at": at},
    )
    _note("department.need_told", department, by=by, at=at)
    return need


@transaction.atomic
def approve(department: Department, *, by: Membership, at: datetime) -> None:
    """This will note that a department agrees with the objectives as they are now."""
    need = Need.objects.of(department.program_id).filter(department=department).first()
    if need is None or not open_objectives(department.program_id):
        raise NothingToApprove(
            "First there is an objective, and the department says what it needs to know."
        )
    need.approved_at = at
    need.save(update_fields=["approved_at"])
    _note("department.objectives_approved", department, by=by, at=at)


def open_objectives(program: Program | int) -> list[Objective]:
    """Return the objectives that are being worked on, the oldest first."""
    rows = Objective.objects.of(program).filter(closed_at__isnull=True)
    return list(rows.select_related("sponsor__user").order_by("pk"))


def has_approved(need: Need | None, objectives: list[Objective]) -> bool:
    """Return whether a department approved all of these objectives as they are now."""
    if need is None or need.approved_at is None or not objectives:
        return False
    return need.approved_at >= max(one.changed_at for one in objectives)


def _values(aim: Aim) -> dict[str, object]:
    told = {field.name: getattr(aim, field.name) for field in fields(aim)}
    return {**told, "questions": list(aim.questions)}


def _note(
    action: str,
    about: Objective | Department,
    *,
    by: Membership,
    at: datetime,
    changed: tuple[str, ...] = (),
) -> None:
    record_by(
        by, action, target=f"{type(about).__name__.lower()}:{about.pk}", at=at, fields=changed
    )
