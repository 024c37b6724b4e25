"""Departments that answer feedback: made, renamed, led, with what they can answer in a week."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.partners.models import Department
from partnerloop.programs.models import Program


class DepartmentExists(ValueError):
    """There is a department of this name."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a department is called, who leads it, and how much it can answer in a week."""

    name: str
    lead: Membership | None
    weekly_capacity: int


@transaction.atomic
def found(program: Program, given: Described, *, by: Membership, at: datetime) -> Department:
    """Make a department; its key stays when it is renamed."""
    _check_name(program.pk, given.name)
    made = Department.objects.create(
        program=program,
        key=_free_key(program, given.name),
        name=given.name,
        lead=given.lead,
        weekly_capacity=given.weekly_capacity,
    )
    _note("department.made", made, by=by, at=at, fields=("name", "lead", "weekly_capacity"))
    return made


@transaction.atomic
def describe(department: Department, given: Described, *, by: Membership, at: datetime) -> None:
    """Change what a department is called, who leads it, or what it can answer in a week."""
    _check_name(department.program_id, given.name, but=department)
    lead = given.lead.pk if given.lead else None
    values = {"name": given.name, "lead_id": lead, "weekly_capacity": given.weekly_capacity}
    changed = [field for field, value in values.items() if getattr(department, field) != value]
    for field in changed:
        setattr(department, field, values[field])
    fields = tuple(field.removesuffix("_id") for field in changed)
    if fields:
        department.save(update_fields=fields)
        _note("department.changed", department, by=by, at=at, fields=fields)


def _check_name(program: int, name: str, *, but: Department | None = None) -> None:
    same = Department.objects.of(program).filter(name__iexact=name)
    if but is not None:
        same = same.exclude(pk=but.pk)
    if same.exists():
        raise DepartmentExists(f"There is a department called “{name}” already.")


def _free_key(program: Program, name: str) -> str:
    base = slugify(name)[:30] or "department"
    taken = set(Department.objects.of(program).values_list("key", flat=True))
    keys = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(key for key in keys if key not in taken)


def _note(
    action: str, department: Department, *, by: Membership, at: datetime, fields: tuple[str, ...]
) -> None:
    record_by(by, action, target=f"department:{department.pk}", at=at, fields=fields)
