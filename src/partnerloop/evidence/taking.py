"""Taking a response as evidence: a named value counts at once, a confidential one waits."""

from partnerloop.evidence.models import NamedAnswer, PendingAnswer
from partnerloop.evidence.scale import oriented
from partnerloop.programs.models import Mode
from partnerloop.responses.accepted import Accepted, AcceptedAnswer


def take(accepted: Accepted) -> tuple[NamedAnswer, ...]:
    """Store the evidence and return what may move a score now: named values, else nothing."""
    scored = [answer for answer in accepted.answers if answer.value is not None]
    _withdraw(accepted)
    if accepted.mode == Mode.NAMED:
        return _take_named(accepted, scored)
    _take_confidential(accepted, scored)
    return ()


def _withdraw(accepted: Accepted) -> None:
    """Take back values that a change turned into "I can't judge"."""
    if not accepted.is_change:
        return
    gone = [answer.id for answer in accepted.answers if answer.value is None]
    NamedAnswer.objects.of(accepted.program_id).filter(pk__in=gone).delete()
    waiting = PendingAnswer.objects.of(accepted.program_id).filter(consumed_in__isnull=True)
    waiting.filter(answer_id__in=gone).delete()


def _take_named(accepted: Accepted, scored: list[AcceptedAnswer]) -> tuple[NamedAnswer, ...]:
    rows = [
        NamedAnswer(
            id=answer.id,
            program_id=accepted.program_id,
            partner_id=accepted.partner_id,
            contact_id=accepted.contact_id,
            rater=accepted.rater,
            role=accepted.role,
            measure=answer.measure,
            value=_oriented(answer),
            at=accepted.at,
            place=accepted.place,
        )
        for answer in scored
    ]
    if accepted.is_change:
        NamedAnswer.objects.bulk_create(
            rows, update_conflicts=True, update_fields=["value"], unique_fields=["id"]
        )
    else:
        NamedAnswer.objects.bulk_create(rows)
    return tuple(rows)


def _take_confidential(accepted: Accepted, scored: list[AcceptedAnswer]) -> None:
    """Put values into the waiting room; a newer value of a person replaces the one that waits.

    A value that was counted stays counted: its correction waits for the next atom.
    """
    waiting = PendingAnswer.objects.of(accepted.program_id).filter(consumed_in__isnull=True)
    waiting.filter(
        pseudonym=accepted.rater, measure__in=[answer.measure for answer in scored]
    ).delete()
    PendingAnswer.objects.bulk_create(
        PendingAnswer(
            program_id=accepted.program_id,
            answer_id=answer.id,
            partner_id=accepted.partner_id,
            pseudonym=accepted.rater,
            measure=answer.measure,
            value=_oriented(answer),
            day=accepted.day,
            waits_since=accepted.day,
        )
        for answer in scored
    )


def _oriented(answer: AcceptedAnswer) -> int:
    assert answer.value is not None
    return oriented(answer.value, is_reversed=answer.is_reversed)
