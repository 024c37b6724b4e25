"""What became of what the visitor said: their own named words, and nobody else's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from partnerloop.actions.models import FeedbackItem
from partnerloop.core import words
from partnerloop.partners.visiting import Visit
from partnerloop.web.components import Said

MOST = 30


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the vendor."""

    author: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """One comment under the partner's name, its state, and what was answered."""

    said: Said
    state: str
    replies: Sequence[Reply]


def feedback(visit: Visit, *, at: datetime) -> Sequence[Told]:
    """This will return the visitor's own named comments, newest first, with their answers.

    Who answers by name was promised that the vendor's people read it, not that colleagues do; who
    stays unknown reads the answers on the receipt.
    """
    found = FeedbackItem.objects.of(visit.partner.program_id).filter(
        partner=visit.partner, comment__contact=visit.contact
    )
    rows = found.select_related("comment__contact", "comment__partner", "merged_into")
    rows = rows.prefetch_related("follow_ups__by__user", "merged_into__follow_ups__by__user")
    return [_told(item, at=at) for item in rows.order_by("-comment__week", "pk")[:MOST]]


def _told(item: FeedbackItem, *, at: datetime) -> Told:
    answered = item.merged_into or item
    week = words.week_of(item.comment.week, seen=at.date())
    return Told(
        said=Said(item.comment.text, gettext("You, {week}").format(week=week)),
        state=answered.state,
        replies=[
            Reply(
                author=str(one.by.user) if one.by else "",
                when=words.day(timezone.localtime(one.at).date(), seen=at.date()),
                text=one.text,
            )
            for one in answered.follow_ups.all()
        ],
    )
