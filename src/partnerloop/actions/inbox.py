"""Reading feedback items: the inbox of the vendor, and what became of a person's comments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from partnerloop.accounts.models import Membership, Role
from partnerloop.actions.models import OPEN_STATES, FeedbackItem, FollowUp, State, WriterReply
from partnerloop.actions.replying import may_reply
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program


@dataclass(frozen=True, slots=True)
class Answered:
    """One follow-up as the respondent reads it."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one comment."""

    comment_id: UUID
    state: State
    since: datetime
    answers: tuple[Answered, ...]
    # The writer's own replies, also those that are not shown to the vendor yet.
    replies: tuple[WriterReply, ...] = ()
    may_reply: bool = False


def items(
    program: Program, *, by: Membership, at: datetime, state: str | None = None
) -> QuerySet[FeedbackItem]:
    """Return the items that a member may see, the most urgent first.

    Items of unnamed people name no partner and are for everybody who answers; a partner manager
    sees those of the own partners beside them, a department lead those of the own department.
    """
    found = FeedbackItem.objects.of(program)
    if by.role == Role.MANAGER:
        own = Partner.objects.of(program).managed_by(by, at.date())
        found = found.filter(partner__isnull=True) | found.filter(partner__in=own)
        found = FeedbackItem.objects.of(program).filter(pk__in=found.values("pk"))
    elif by.role == Role.LEAD:
        found = found.filter(department__lead=by) | found.filter(owner=by)
        found = FeedbackItem.objects.of(program).filter(pk__in=found.values("pk"))
    if state:
        found = found.filter(state=state)
    related = ("comment__contact", "comment__partner", "partner", "department", "owner__user")
    return found.select_related(*related).order_by("due_at", "pk")


def open_items(program: Program, *, by: Membership, at: datetime) -> QuerySet[FeedbackItem]:
    """Return the items that nobody has answered yet."""
    return items(program, by=by, at=at).filter(state__in=OPEN_STATES)


def became(program: Program | int, comment_ids: Iterable[UUID]) -> dict[UUID, Became]:
    """Return what became of comments, by the ids of the originals; held ones are not in it."""
    wanted = list(comment_ids)
    rows = FeedbackItem.objects.of(program).filter(comment__comment_id__in=wanted)
    found: dict[UUID, Became] = {}
    for item in rows.select_related("comment", "merged_into"):
        shown = item.merged_into or item
        answers = FollowUp.objects.of(program).filter(feedback_item=shown)
        last = shown.transitions.order_by("-at").first()
        found[item.comment.comment_id] = Became(
            comment_id=item.comment.comment_id,
            state=State(shown.state),
            since=last.at if last else shown.received_at,
            answers=tuple(
                Answered(text=one.text, by=str(one.by.user) if one.by else "", at=one.at)
                for one in answers.select_related("by__user")
            ),
            replies=tuple(WriterReply.objects.of(program).filter(feedback_item=item)),
            may_reply=may_reply(item),
        )
    return found
