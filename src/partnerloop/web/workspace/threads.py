"""One feedback item as its page shows it: conversation, history, and what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from partnerloop.accounts.models import Membership, Role
from partnerloop.actions.answering import STEPS
from partnerloop.actions.inbox import items, open_items
from partnerloop.actions.models import FeedbackItem, FollowUp, State, WriterReply
from partnerloop.core import words
from partnerloop.partners.models import Department
from partnerloop.release.comments import source
from partnerloop.web.components import Entry, Message
from partnerloop.web.metric_names import metric_names
from partnerloop.web.workspace.folders import late_words
from partnerloop.web.workspace.strip import topic

ALIKE = 30


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where an item stands among those that wait."""

    previous_url: str
    next_url: str
    showing: str


def opened(member: Membership, item: FeedbackItem, *, at: datetime) -> dict[str, Any]:
    """This will return everything that an item's page shows."""
    is_named = item.comment.contact_id is not None
    slug = member.program.slug
    may_act = member.role != Role.EXECUTIVE
    return {
        "item": item,
        "topic": topic(item.comment.measure, metric_names(member.program)),
        "from_whom": _from_whom(item),
        "is_named": is_named,
        "due": words.day(timezone.localtime(item.due_at).date(), seen=at.date()),
        "late": late_words(item, at=at),
        "thread": _thread(item, at=at),
        "history": _history(item, at=at),
        "steps": {step.value for step in State if may_act and item.state in STEPS.get(step, ())},
        "departments": Department.objects.of(member.program).order_by("name"),
        "alike": _alike(member, item, at=at) if may_act else [],
        "neighbours": _neighbours(member, item, slug=slug, at=at),
        "merged_url": reverse("inbox-item", args=[slug, item.merged_into_id])
        if item.merged_into_id
        else "",
    }


def _from_whom(item: FeedbackItem) -> str:
    who = source(item.comment)
    if item.comment.contact_id is not None:
        return f"{who}. They see your name and you see theirs."
    week = words.week_of(item.comment.week)
    return (
        f"From {who}, {week}. You cannot see who, and your replies reach them without telling you."
    )


def _thread(item: FeedbackItem, *, at: datetime) -> Sequence[Message]:
    named = item.comment.contact
    said = Message(
        author=named.name if named else "Partner",
        when=words.week_of(item.comment.week, seen=at.date()),
        words=item.comment.text,
        side="theirs",
        voice="partner",
    )
    ours = [(one.at, _answer(one, at=at)) for one in item.follow_ups.select_related("by__user")]
    both = [item, *item.merged.all()]
    theirs = WriterReply.objects.of(item.program_id).filter(
        feedback_item__in=both, shown_at__isnull=False
    )
    ours += [
        (
            one.shown_at or at,
            replace(said, words=one.text, when=words.week_of(one.week, seen=at.date())),
        )
        for one in theirs
    ]
    return [said, *(message for _, message in sorted(ours, key=lambda pair: pair[0]))]


def _answer(one: FollowUp, *, at: datetime) -> Message:
    return Message(
        author=str(one.by.user) if one.by else "We",
        when=words.day(timezone.localtime(one.at).date(), seen=at.date()),
        words=one.text,
    )


def _history(item: FeedbackItem, *, at: datetime) -> Sequence[Entry]:
    return [
        Entry(
            what="Entered the inbox" if step.state == State.RECEIVED else step.get_state_display(),
            when=words.day(timezone.localtime(step.at).date(), seen=at.date()),
            note=" · ".join(
                part for part in (str(step.by.user) if step.by else "", step.reason) if part
            ),
        )
        for step in item.transitions.select_related("by__user")
    ]


def _alike(member: Membership, item: FeedbackItem, *, at: datetime) -> Sequence[FeedbackItem]:
    others = items(member.program, by=member, at=at).exclude(pk=item.pk)
    others = others.exclude(state=State.MERGED).filter(comment__measure=item.comment.measure)
    return list(others.order_by("-received_at", "pk")[:ALIKE])


def _neighbours(
    member: Membership, item: FeedbackItem, *, slug: str, at: datetime
) -> Neighbours | None:
    waiting = list(open_items(member.program, by=member, at=at).values_list("pk", flat=True))
    if item.pk not in waiting:
        return None
    place = waiting.index(item.pk)

    def url(number: int) -> str:
        inside = 0 <= number < len(waiting)
        return reverse("inbox-item", args=[slug, waiting[number]]) if inside else ""

    return Neighbours(url(place - 1), url(place + 1), f"{place + 1} of {len(waiting)}")
