"""What became of what a partner's people said, as far as everybody at the partner may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from partnerloop.actions.models import FeedbackItem
from partnerloop.core import words
from partnerloop.partners.models import Partner
from partnerloop.release.comments import words as released
from partnerloop.web.components import Said
from partnerloop.web.saying import quote

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


def feedback(partner: Partner, *, at: datetime) -> Sequence[Told]:
    """This will return the comments that carry the partner's name, newest first, with answers.

    Words of people who stay unknown carry no partner; they read their answers by their receipt.
    """
    found = FeedbackItem.objects.of(partner.program_id).filter(partner=partner)
    rows = found.select_related("comment__contact", "comment__partner", "merged_into")
    rows = rows.prefetch_related("follow_ups__by__user", "merged_into__follow_ups__by__user")
    return [_told(item, at=at) for item in rows.order_by("-comment__week", "pk")[:MOST]]


def _told(item: FeedbackItem, *, at: datetime) -> Told:
    answered = item.merged_into or item
    return Told(
        said=quote(released(item.comment)),
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
