"""The writer writes back on the receipt page: known to the vendor by name, or not at all."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from partnerloop.actions.models import FeedbackItem, State, Transition, WriterReply
from partnerloop.core import outbox
from partnerloop.core.clock import week_of
from partnerloop.programs.models import Program
from partnerloop.release.comments import known_names
from partnerloop.release.scrubbing import scrubbed

MOST = 10
REOPENED = (State.ANSWERED, State.DONE, State.DECLINED)


class NothingWritten(Exception):
    """A reply without words was sent."""


class TooManyReplies(Exception):
    """More than ten replies to one comment: a talk is better."""


class NotThereYet(Exception):
    """The comment has not entered the inbox yet, so there is nothing to reply to."""


@transaction.atomic
def reply_named(program: Program, comment_id: UUID, text: str, *, at: datetime) -> None:
    """Add a named writer's words to their item, at once."""
    item = _item(program, comment_id, text)
    _add(item, text.strip(), at=at, shown_at=at)
    _reopen(item, at=at)


@transaction.atomic
def reply_unnamed(program: Program, comment_id: UUID, text: str, *, at: datetime) -> None:
    """Keep an unnamed writer's words, scrubbed, until the day's replies are shown together."""
    item = _item(program, comment_id, text)
    clean = scrubbed(text.strip(), names=known_names(program))
    _add(item, clean, at=at, shown_at=None)


@transaction.atomic
def show_replies(program: Program, *, at: datetime) -> int:
    """Show what unnamed writers replied, in the order of random ids, and take items up again."""
    rows = list(WriterReply.objects.of(program).filter(shown_at__isnull=True).order_by("pk"))
    for row in rows:
        row.shown_at = at
        row.save(update_fields=["shown_at"])
        _reopen(row.feedback_item, at=at)
    return len(rows)


def may_reply(item: FeedbackItem) -> bool:
    """Return whether there is room for another reply."""
    return WriterReply.objects.of(item.program_id).filter(feedback_item=item).count() < MOST


def _item(program: Program, comment_id: UUID, text: str) -> FeedbackItem:
    if not text.strip():
        raise NothingWritten
    item = FeedbackItem.objects.of(program).filter(comment__comment_id=comment_id).first()
    if item is None:
        raise NotThereYet
    if not may_reply(item):
        raise TooManyReplies
    return item


def _add(item: FeedbackItem, text: str, *, at: datetime, shown_at: datetime | None) -> None:
    WriterReply.objects.create(
        program_id=item.program_id,
        feedback_item=item,
        text=text[:2000],
        week=week_of(at.date()),
        shown_at=shown_at,
    )


def _reopen(item: FeedbackItem, *, at: datetime) -> None:
    """Put an item that was closed back among those that wait; merged ones wait with the other."""
    shown = item.merged_into or item
    if shown.state not in REOPENED:
        return
    shown.state = State.RECEIVED
    shown.due_at = at + timedelta(hours=shown.program.answer_within_hours)
    shown.save(update_fields=["state", "due_at"])
    Transition.objects.create(
        program_id=shown.program_id,
        feedback_item=shown,
        state=State.RECEIVED,
        at=at,
        reason="The writer replied",
    )
    outbox.touch(shown.program_id, "today", "inbox")
