"""Founding a program: the program, its question bank, and the one person who may do everything."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core.models import record_audit
from partnerloop.programs.models import Program
from partnerloop.pulses.stocking import stock


class CannotBeFounded(ValueError):
    """What was given does not make a program; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Founding:
    """What is known before the three-step start asks for the rest."""

    slug: str
    name: str
    vendor_name: str
    owner_email: str
    owner_name: str


@transaction.atomic
def found(given: Founding, *, at: datetime) -> Membership:
    """This will make a program that asks its owner for the three first steps."""
    program = Program(
        slug=given.slug, name=given.name, vendor_name=given.vendor_name, created_at=at
    )
    owner = User.objects.filter(email__iexact=given.owner_email).first()
    if owner is None:
        owner = User(email=given.owner_email.lower(), name=given.owner_name, created_at=at)
        owner.set_unusable_password()
    try:
        program.full_clean(exclude=["setup_finished_at", "mail_tested_at"])
        owner.full_clean(exclude=["password"])
    except ValidationError as wrong:
        raise CannotBeFounded(" ".join(wrong.messages)) from None
    program.save()
    owner.save()
    stock(program, at=at)
    record_audit(
        "program.founded",
        at=at,
        actor="system",
        target=f"program:{program.pk}",
        program_id=program.pk,
    )
    return Membership.objects.create(program=program, user=owner, role=Role.OWNER, since=at.date())
