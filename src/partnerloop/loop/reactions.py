"""What follows from what: the one table of events and the calls they cause, in order.

Each reaction is idempotent: after a crash the event is replayed from its first call. Those of
`LONG` keep their own transactions and go on where they stopped.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from partnerloop.actions.models import FeedbackItem, FollowUp
from partnerloop.actions.opening import open_items
from partnerloop.alerts.models import Alert
from partnerloop.core import outbox
from partnerloop.core.models import Event
from partnerloop.integrations.models import EventType
from partnerloop.integrations.webhook.queueing import News, tell
from partnerloop.loop.asking import write_invitations
from partnerloop.loop.noticing import notice
from partnerloop.loop.readdressing import expire_asks_of_import
from partnerloop.loop.signalling import look_at_signals
from partnerloop.loop.telling import tell_writer
from partnerloop.partners.counting import SIGNALS_KEPT
from partnerloop.partners.importing.running import go_on
from partnerloop.programs.models import Program
from partnerloop.pulses.measuring import METRICS_CHANGED
from partnerloop.release.comments import consider
from partnerloop.release.models import ReleasedComment
from partnerloop.release.speaking import release_words
from partnerloop.release.veiling import draw_back
from partnerloop.scores.carrying import carry_over

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


def release_spoken(event: Event, at: datetime) -> None:
    """Show what a named person said of their own accord, and open an item for it."""
    program = _program(event)
    released = release_words(program, UUID(event.payload["words"]))
    if released is not None:
        open_items(program, [released], at=at)
        outbox.touch(program.pk, "inbox")


def watch_partner(event: Event, at: datetime) -> None:
    """Look whether the partner of a named answer changed beyond chance."""
    partner = event.payload["partner"]
    if partner is not None:
        notice(_program(event), at=at, partners=[partner])


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


def tell_of_answer(event: Event, at: datetime) -> None:
    """Let endpoints know that a member answered; whom, and what was said, they ask the API."""
    program = _program(event)
    item = FeedbackItem.objects.of(program).filter(pk=event.payload["feedback_item"]).first()
    if item is not None:
        told = {"feedback_id": str(item.pk), "state": item.state}
        news = News(EventType.FEEDBACK_ANSWERED, event.key, told, event.created_at)
        tell(program, news, at=at)


def tell_of_alert(event: Event, at: datetime) -> None:
    """Let endpoints know that an alert was opened; it tells nothing that the figures do not."""
    program = _program(event)
    alert = Alert.objects.of(program).filter(pk=event.payload["alert"]).first()
    if alert is not None:
        told = {
            "alert_id": str(alert.pk),
            "partner_id": alert.partner_id,
            "measure": alert.measure,
            "kind": alert.kind,
            "opened_on": alert.opened_on.isoformat(),
        }
        news = News(EventType.ALERT_OPENED, event.key, told, event.created_at)
        tell(program, news, at=at)


def look_at_limits(event: Event, at: datetime) -> None:
    """Look whether signals that came in crossed a limit."""
    look_at_signals(_program(event), at, partners=event.payload["partners"])


def end_asks_at_old_addresses(event: Event, at: datetime) -> None:
    """End the open asks of people to whom a file gave another address."""
    expire_asks_of_import(_program(event), UUID(event.payload["run"]), at=at)


def go_on_with_import(event: Event, at: datetime, beat: Beat) -> None:
    """Check, save or undo a large file, batch by batch."""
    go_on(_program(event).pk, event.payload["run"], at=at, beat=beat)


def measure_anew(event: Event, at: datetime, beat: Beat) -> None:
    """Make figures of what the program measures now; open pages look again when it is done."""
    program = _program(event)
    draw_back(program)
    if carry_over(program, at=at, beat=beat):
        outbox.touch(program.pk, "scorecard", "today")


LONG: dict[str, LongReaction] = {
    "import.mapped": go_on_with_import,
    "import.confirmed": go_on_with_import,
    "import.recalled": go_on_with_import,
    METRICS_CHANGED: measure_anew,
}

REACTIONS: dict[str, tuple[Reaction, ...]] = {
    "response.received": (release_comments, watch_partner, touch_live_pages),
    "words.spoken": (release_spoken,),
    "pulse.launched": (send_invitations,),
    "feedback.answered": (answer_writer, tell_of_answer),
    "alert.opened": (tell_of_alert,),
    SIGNALS_KEPT: (look_at_limits,),
    "import.saved": (end_asks_at_old_addresses,),
}


def _program(event: Event) -> Program:
    assert event.program_id is not None, "every event of this table belongs to a program"
    return Program.objects.get(pk=event.program_id)
