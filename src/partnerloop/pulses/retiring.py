"""Retiring a question and bringing it back. Its answers stay, and count as before."""

from datetime import datetime

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.core.models import record_audit
from partnerloop.pulses.bank.wording import ROLES
from partnerloop.pulses.measuring import is_own
from partnerloop.pulses.models import COMPOSITE, Question


class NeededQuestion(ValueError):
    """A question that cannot be retired; the message says what would be lost."""


def refuse_needed(question: Question) -> None:
    """Raise NeededQuestion where nothing could be asked in its place."""
    if question.kind == Question.Kind.OPEN:
        return
    if question.is_overall and question.measure == COMPOSITE:
        raise NeededQuestion("Every pulse asks this question: it can be reworded, not retired.")
    if question.purpose != Question.Purpose.DIMENSION:
        return
    if question.metric is not None and question.metric.retired_at is not None:
        return
    others = Question.objects.of(question.program_id).filter(
        kind=Question.Kind.RATED, measure=question.measure, retired_at__isnull=True
    )
    left = list(others.exclude(pk=question.pk).values_list("roles", flat=True))
    if is_own(question.measure):
        if not left:
            raise NeededQuestion(
                "It is the only question that measures this metric: write another one first, or "
                "retire the metric."
            )
        return
    for role in ROLES:
        if not any(not roles or role in roles for roles in left):
            raise NeededQuestion(
                "It is the last rated question of its dimension that suits everybody: bring "
                "another one back first."
            )


@transaction.atomic
def retire(question: Question, *, by: Membership | None, at: datetime) -> None:
    """This will ask a question of nobody any more; those who have it in a mail may answer it."""
    question = _locked(question)
    if question.retired_at is not None:
        return
    refuse_needed(question)
    question.retired_at = at
    question.save(update_fields=["retired_at"])
    _note("question.retired", question, by=by, at=at)


@transaction.atomic
def bring_back(question: Question, *, by: Membership | None, at: datetime) -> None:
    """This will let a retired question be asked again."""
    question = _locked(question)
    if question.retired_at is None:
        return
    question.retired_at = None
    question.save(update_fields=["retired_at"])
    _note("question.brought_back", question, by=by, at=at)


def _locked(question: Question) -> Question:
    """Lock all questions of the measure: two are never retired for one another's sake."""
    rows = Question.objects.of(question.program_id).filter(measure=question.measure)
    found = {row.pk: row for row in rows.select_for_update().order_by("pk")}
    return found[question.pk]


def _note(action: str, question: Question, *, by: Membership | None, at: datetime) -> None:
    record_audit(
        action,
        at=at,
        actor=f"user:{by.user_id}" if by else "system",
        target=f"question:{question.pk}",
        program_id=question.program_id,
        fields=("retired_at",),
    )
