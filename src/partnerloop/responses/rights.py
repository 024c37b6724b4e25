"""Forgetting: values that were counted, and who wrote what once it is no longer needed."""

from collections.abc import Iterable
from uuid import UUID

from partnerloop.programs.models import Mode, Program
from partnerloop.responses.models import Answer


def forget_values(program: Program, answer_ids: Iterable[UUID | str]) -> int:
    """Delete the raw values of confidential answers that live on in an atom; return how many."""
    rows = Answer.objects.of(program).filter(pk__in=list(answer_ids))
    deleted, _ = rows.filter(response__mode=Mode.CONFIDENTIAL).delete()
    return deleted
