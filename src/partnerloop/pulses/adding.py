"""A program's own questions: they enter no dimension, and are asked where a pulse names them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.core.models import record_audit
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Question


@transaction.atomic
def add_question(
    program: Program, key: str, *, shape: Mapping[str, Any], by: Membership | None, at: datetime
) -> Question:
    """This will add a question of the program's own; its words come next.

    `shape` holds kind, reversed and roles. They never change: answers would mean something else.
    """
    question = Question.objects.create(
        program=program,
        key=key,
        kind=shape["kind"],
        measure=key,
        purpose=Question.Purpose.OWN,
        is_reversed=shape["reversed"],
        roles=list(shape["roles"]),
    )
    record_audit(
        "question.added",
        at=at,
        actor=f"user:{by.user_id}" if by else "system",
        target=f"question:{question.pk}",
        program_id=program.pk,
    )
    return question
