"""Moving a feedback item: routed, answered, planned, done, declined with a reason, merged."""

from datetime import datetime

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.actions.models import FeedbackItem, FollowUp, State, Transition
from partnerloop.core import outbox
from partnerloop.partners.models import Department


class ReasonMissing(Exception):
    """Declining takes a reason: the respondent reads it."""


class NothingWritten(Exception):
    """An answer without words was sent."""


class CannotMove(Exception):
    """The item is in a state from which this step makes no sense."""


# From which states a step may be taken; merged is the end, everything else can be taken up again.
STEPS = {
    State.ROUTED: (State.RECEIVED, State.ROUTED),
    State.ANSWERED: (State.RECEIVED, State.ROUTED, State.ANSWERED, State.PLANNED, State.DECLINED),
    State.PLANNED: (State.RECEIVED, State.ROUTED, State.ANSWERED, State.DECLINED),
    State.DONE: (State.RECEIVED, State.ROUTED, State.ANSWERED, State.PLANNED),
    State.DECLINED: (State.RECEIVED, State.ROUTED, State.ANSWERED, State.PLANNED),
    State.MERGED: (State.RECEIVED, State.ROUTED, State.ANSWERED, State.PLANNED),
}


@transaction.atomic
def route(item: FeedbackItem, department: Department, *, by: Membership, at: datetime) -> None:
    """Hand an item to a department; its lead becomes the owner."""
    item.department = department
    if department.lead_id is not None:
        item.owner_id = department.lead_id
    _move(item, State.ROUTED, by=by, at=at, reason=department.name)


@transaction.atomic
def answer(item: FeedbackItem, text: str, *, by: Membership, at: datetime) -> FollowUp:
    """Answer the person; they see it on their receipt page, and named ones get a mail."""
    written = _follow_up(item, text, by=by, at=at)
    _move(item, State.ANSWERED, by=by, at=at)
    _tell(item, written, at=at)
    return written


@transaction.atomic
def plan(item: FeedbackItem, text: str, *, by: Membership, at: datetime) -> FollowUp:
    """Say that something will be done, and what."""
    written = _follow_up(item, text, by=by, at=at)
    _move(item, State.PLANNED, by=by, at=at)
    _tell(item, written, at=at)
    return written


@transaction.atomic
def finish(item: FeedbackItem, text: str, *, by: Membership, at: datetime) -> FollowUp:
    """Say that it was done, and what came of it."""
    written = _follow_up(item, text, by=by, at=at)
    _move(item, State.DONE, by=by, at=at)
    _tell(item, written, at=at)
    return written


@transaction.atomic
def decline(item: FeedbackItem, reason: str, *, by: Membership, at: datetime) -> FollowUp:
    """Decline with a reason, which the person reads."""
    if not reason.strip():
        raise ReasonMissing
    written = _follow_up(item, reason, by=by, at=at)
    _move(item, State.DECLINED, by=by, at=at, reason=reason.strip()[:500])
    _tell(item, written, at=at)
    return written


@transaction.atomic
def merge(item: FeedbackItem, into: FeedbackItem, *, by: Membership, at: datetime) -> None:
    """Put an item under another one about the same thing; its person sees the other's answers."""
    if into.pk == item.pk or into.program_id != item.program_id or into.state == State.MERGED:
        raise CannotMove
    item.merged_into = into
    _move(item, State.MERGED, by=by, at=at)


def _follow_up(item: FeedbackItem, text: str, *, by: Membership, at: datetime) -> FollowUp:
    if not text.strip():
        raise NothingWritten
    return FollowUp.objects.create(
        program_id=item.program_id, feedback_item=item, by=by, text=text.strip()[:4000], at=at
    )


def _move(
    item: FeedbackItem, state: State, *, by: Membership, at: datetime, reason: str = ""
) -> None:
    if item.state not in STEPS[state]:
        raise CannotMove(f"from {item.state} to {state}")
    item.state = state
    item.save(update_fields=["state", "department", "owner", "merged_into"])
    Transition.objects.create(
        program_id=item.program_id, feedback_item=item, state=state, by=by, at=at, reason=reason
    )
    record_by(by, f"feedback.{state}", target=f"feedback:{item.pk}", at=at, fields=("state",))
    outbox.touch(item.program_id, "today", "inbox")


def _tell(item: FeedbackItem, written: FollowUp, *, at: datetime) -> None:
    """Put an event into the outbox; who it is for is found out by `responses.reply` alone."""
    happening = outbox.Happening(
        kind="feedback.answered",
        key=f"feedback.answered:{written.pk}",
        program_id=item.program_id,
        payload={"feedback_item": str(item.pk), "follow_up": str(written.pk)},
    )
    outbox.publish(happening, at=at)
