"""Handing over a member's partners together with their open feedback items; one act."""

from datetime import datetime

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.actions.models import OPEN_STATES, FeedbackItem
from partnerloop.core import outbox
from partnerloop.partners import looking_after
from partnerloop.partners.models import HandOver, Partner, PartnerAssignment


@transaction.atomic
def hand_over(
    giver: Membership,
    *,
    taker: Membership,
    partners: list[int] | None = None,
    by: Membership,
    at: datetime,
) -> HandOver:
    """This will give partners and what waits for an answer to another member."""
    done = looking_after.hand_over(giver, taker=taker, partners=partners, by=by, at=at)
    _pass_on(done, old=giver, new=taker)
    return done


@transaction.atomic
def take_back(done: HandOver, *, by: Membership, at: datetime) -> None:
    """This will undo a hand-over, open items included."""
    looking_after.take_back(done, by=by, at=at)
    _pass_on(done, old=done.taker, new=done.giver)


@transaction.atomic
def take_away(partner: Partner, *, of: Membership, by: Membership, at: datetime) -> bool:
    """This will end that a member looks after a partner; its open items pass to who still does.

    Where nobody does they belong to nobody, and stay open.
    """
    if not looking_after.take_away(partner, of=of, by=by, at=at):
        return False
    rest = PartnerAssignment.objects.of(partner.program_id).current(at.date())
    heirs = rest.filter(partner=partner).order_by("since", "pk")
    items = FeedbackItem.objects.of(partner.program_id).filter(state__in=OPEN_STATES, owner=of)
    items.filter(partner=partner).update(owner=heirs.values_list("member_id", flat=True).first())
    outbox.touch(partner.program_id, "today", "inbox")
    return True


def _pass_on(done: HandOver, *, old: Membership, new: Membership) -> None:
    """Change who owns the open items of those partners that the new one looks after now."""
    rows = PartnerAssignment.objects.of(done.program_id)
    given = rows.filter(pk__in=done.ended).values("partner")
    now_new = rows.filter(member=new, until__isnull=True, partner__in=given).values("partner")
    items = FeedbackItem.objects.of(done.program_id).filter(state__in=OPEN_STATES, owner=old)
    items.filter(partner__in=now_new).update(owner=new)
    outbox.touch(done.program_id, "today", "inbox")
