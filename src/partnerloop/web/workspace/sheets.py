"""What each table page of the workspace holds as a file: the same rows, no digit more.

Figures come as the gate gave them out and as the screen prints them: one decimal, a range, people
in bands, and the reason where one is hidden.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from partnerloop.actions.models import OPEN_STATES, FeedbackItem
from partnerloop.core.words import Figure, one_decimal
from partnerloop.integrations.email.local_outbox import Delivery, FailedAddress
from partnerloop.integrations.models import WebhookDelivery
from partnerloop.pulses.models import Pulse
from partnerloop.release.comments import source
from partnerloop.web.cards import Shown
from partnerloop.web.exporting import Cell, Sheet
from partnerloop.web.workspace.folders import late_words
from partnerloop.web.workspace.listing import Line

A_READ = 1000


@dataclass(frozen=True, slots=True)
class PulseLine:
    """One pulse in the list. People asked are counted; answers never are."""

    pulse: Pulse
    audience: str
    asked: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the invitations of one pulse have come."""

    pulse: str
    delivery: Delivery


def of_partners(lines: Sequence[Line], *, metric: str) -> Sheet:
    """This will return the partners table, one metric at a time as on the page."""
    score = ("Metric", "Score", "Likely from", "Likely to", "In words", "Rests on", "People")
    columns = ("Partner", "Type", "Tier", "Region", *score, "Place", "Not shown because")
    return Sheet(
        key="partners",
        title="Partners",
        columns=(*columns, "Revenue, 12 months", "Currency", "Managers"),
        rows=(
            (
                line.name,
                *(line.where.get(key, "") for key in ("type", "tier", "region")),
                metric,
                *_score(line.cell),
                line.place,
                line.cell.hidden,
                line.revenue.major if line.revenue else None,
                line.revenue.currency if line.revenue else "",
                ", ".join(line.managers),
            )
            for line in lines
        ),
        count=len(lines),
    )


def _score(cell: Shown) -> tuple[Cell, ...]:
    """Return score, range, words, what it rests on, and the band of people."""
    if cell.figure is not None:
        return (*_numbers(cell.figure), cell.figure.verdict.word, "Own answers", cell.people)
    if cell.like is not None:
        return (*_numbers(cell.like), "From a group", "Partners like this one", "")
    return (None, None, None, "Unknown", "", "")


def _numbers(figure: Figure) -> tuple[Decimal, ...]:
    return tuple(Decimal(one_decimal(one)) for one in (figure.mean, figure.low, figure.high))


def of_inbox(found: QuerySet[FeedbackItem], *, at: datetime) -> Sheet:
    """This will return the comments of a folder: words, source and state, dated by week."""
    columns = ("Id", "State", "Words", "From", "Week", "Department", "Due on", "Late")
    return Sheet(
        key="inbox",
        title="Inbox",
        columns=columns,
        rows=(_feedback(item, at=at) for item in found.iterator(chunk_size=A_READ)),
        count=found.count(),
    )


def _feedback(item: FeedbackItem, *, at: datetime) -> tuple[Cell, ...]:
    due = timezone.localtime(item.due_at).date() if item.state in OPEN_STATES else None
    return (
        str(item.pk),
        item.get_state_display(),
        item.comment.text,
        source(item.comment),
        item.comment.week,
        str(item.department or ""),
        due,
        late_words(item, at=at),
    )


def of_pulses(lines: Sequence[PulseLine], *, at: datetime) -> Sheet:
    """This will return drafts and what was sent."""
    columns = ("Pulse", "State", "For", "People asked", "Sent on", "Open until")
    return Sheet("pulses", "Pulses", columns, [_pulse(line, at=at) for line in lines], len(lines))


def _pulse(line: PulseLine, *, at: datetime) -> tuple[Cell, ...]:
    pulse = line.pulse
    if pulse.launched_at is None:
        return (pulse.name, "Not sent yet", line.audience, None, None, None)
    is_open = pulse.closes_at is None or pulse.closes_at > at
    until = timezone.localtime(pulse.closes_at).date() if pulse.closes_at else None
    sent = timezone.localtime(pulse.launched_at).date()
    return (pulse.name, "Open" if is_open else "Closed", line.audience, line.asked, sent, until)


def of_outbox(progress: Sequence[Progress]) -> Sheet:
    """This will return how far the invitations of each pulse have come."""
    rows = [
        (one.pulse, one.delivery.sent, one.delivery.waiting, one.delivery.failed)
        for one in progress
    ]
    return Sheet("outbox", "Outbox", ("Pulse", "Sent", "Waiting", "Failed"), rows, len(rows))


def of_failures(failed: Sequence[FailedAddress]) -> Sheet:
    """This will return the addresses that took no mail."""
    rows = [(one.address, one.reason) for one in failed]
    return Sheet("failed-addresses", "Failed addresses", ("Address", "Reason"), rows, len(rows))


def of_deliveries(told: QuerySet[WebhookDelivery]) -> Sheet:
    """This will return what a webhook was told and what came of it, without the messages."""
    columns = ("Id", "Event", "When", "Tries", "What came of it", "Status", "Failure")
    return Sheet("deliveries", "Deliveries", columns, _deliveries(told), told.count())


def _deliveries(told: QuerySet[WebhookDelivery]) -> Iterator[tuple[Cell, ...]]:
    for one in told.iterator(chunk_size=A_READ):
        yield (
            str(one.pk),
            one.get_event_type_display(),
            one.created_at,
            one.attempts,
            "taken" if one.delivered_at else "given up" if one.finished_at else "waits",
            one.status,
            one.failure,
        )
