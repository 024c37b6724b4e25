"""Forgetting on time: each class of rows has its day (docs/reference/retention.md)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from partnerloop.actions.models import FeedbackItem, State, Transition
from partnerloop.core.models import AuditEntry
from partnerloop.evidence.rights import waiting_answers
from partnerloop.partners.models import LifecycleEvent
from partnerloop.planning.models import OtherMail
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation
from partnerloop.release.guessing import forget_guesses
from partnerloop.release.models import HeldComment
from partnerloop.responses.rights import (
    KEPT_AFTER,
    LONGEST,
    forget_leftovers,
    forget_receipts,
    forget_writers,
    forgettable,
)

ASKS_KEPT = timedelta(days=3 * 365)
AUDIT_KEPT = timedelta(days=2 * 365)
CLOSED = (State.ANSWERED, State.DONE, State.DECLINED, State.MERGED)


def forget(program: Program, *, at: datetime) -> None:
    """Delete what the promise and the table of retention say is deleted by now."""
    on = at.date()
    forget_leftovers(program, waiting=waiting_answers(program), on=on)
    still = forgettable(program, on=on)
    open_words = _open_words(program, (pk for one in still for pk in one.comment_ids), at=at)
    forget_writers(
        program,
        (
            one.response_id
            for one in still
            if one.day <= on - LONGEST or not open_words.intersection(one.comment_ids)
        ),
    )
    forget_receipts(program, on=on)
    Invitation.objects.of(program).filter(asked_at__lt=at - ASKS_KEPT).delete()
    OtherMail.objects.of(program).filter(at__lt=at - ASKS_KEPT).delete()
    forget_guesses(program, before=at - ASKS_KEPT)
    LifecycleEvent.objects.of(program).filter(received_at__lt=at - ASKS_KEPT).delete()
    AuditEntry.objects.filter(program_id=program.pk, at__lt=at - AUDIT_KEPT).delete()


def _open_words(program: Program, comments: Iterable[UUID], *, at: datetime) -> set[UUID]:
    """Return the comments that are held, or whose item was not closed 35 days ago."""
    wanted = list(comments)
    rows = FeedbackItem.objects.of(program).filter(comment__comment_id__in=wanted)
    moved = Transition.objects.of(program).filter(
        feedback_item__in=rows.values("pk"), at__gt=at - KEPT_AFTER
    )
    lively = rows.exclude(state__in=CLOSED) | rows.filter(pk__in=moved.values("feedback_item"))
    held = HeldComment.objects.of(program).filter(comment_id__in=wanted)
    return {
        *lively.values_list("comment__comment_id", flat=True),
        *held.values_list("pk", flat=True),
    }
