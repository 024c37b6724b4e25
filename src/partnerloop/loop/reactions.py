"""What follows from what: the one table of events and the calls they cause, in order.

Each reaction is idempotent: after a crash the event is replayed from its first call. Those of
`LONG` keep their own transactions and go on where they stopped.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from partnerloop.actions.models import FeedbackItem, FollowUp
from partnerloop.actions.opening import open_items
from partnerloop.alerts.watching import watch
from partnerloop.core import outbox
from partnerloop.core.models import Event
from partnerloop.loop.asking import write_invitations
from partnerloop.loop.telling import tell_writer
from partnerloop.partners.importing.running import go_on
from partnerloop.programs.models import Program
from partnerloop.release.comments import consider
from partnerloop.release.models import ReleasedComment

Reaction = Callable[[Event, datetime], None]
Beat = Callable[[], None]
LongReaction = Callable[[Event, datetime, Beat], None]


def release_comments(event: Event, at: datetime) -> None:
    """Let the gate release named comments and hold the others; open an item for each released."""
    program = _program(event)
    numbers = [UUID(number) for number in event.payload["comments"]]
    consider(program, numbers, contact_id=event.payload["contact"], at=at)
    visible = ReleasedComment.objects.of(program).filter(comment_id__in=numbers)
    open_items(program, visible, at=at)


def watch_partner(event: Event, at: datetime) -> None:
    """Look whether the partner of a named answer changed beyond chance."""
    partner = event.payload["partner"]
    if partner is not None:
        watch(_program(event), at=at, partners=[partner])


def touch_live_pages(event: Event, at: datetime) -> None:
    """Tell open pages that a named answer arrived; an unnamed arrival tells nobody anything."""
    if event.payload["partner"] is not None and event.program_id is not None:
        outbox.touch(event.program_id, "scorecard", "today", "inbox")


def send_invitations(event: Event, at: datetime) -> None:
    """Write the mails of a pulse that was launched."""
    write_invitations(event, at)


def answer_writer(event: Event, at: datetime) -> None:
    """Tell a named writer by mail that an answer came."""
    program = _program(event)
    item = FeedbackItem.objects.of(program).filter(pk=event.payload["feedback_item"]).first()
    written = FollowUp.objects.of(program).filter(pk=event.payload["follow_up"]).first()
    if item is not None and written is not None:
        tell_writer(program, item, written, at=at)


def go_on_with_import(event: Event, at: datetime, beat: Beat) -> None:
    """Check, save or undo a large file, batch by batch."""
    go_on(_program(event).pk, event.payload["run"], at=at, beat=beat)


LONG: dict[str, LongReaction] = {
    "import.mapped": go_on_with_import,
    "import.confirmed": go_on_with_import,
    "import.recalled": go_on_with_import,
}

REACTIONS: dict[str, tuple[Reaction, ...]] = {
    "response.received": (release_comments, watch_partner, touch_live_pages),
    "pulse.launched": (send_invitations,),
    "feedback.answered": (answer_writer,),
}


def _program(event: Event) -> Program:
    assert event.program_id is not None, "every event of this table belongs to a program"
    return Program.objects.get(pk=event.program_id)
