"""Closing drafts: after 48 hours one counts as confidential where offered, or is deleted."""

from datetime import datetime, timedelta

from django.db import transaction

from partnerloop.evidence.offering import offer
from partnerloop.loop.receiving import receive
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.models import Invitation
from partnerloop.responses.accepted import Submission
from partnerloop.responses.drafting import due, forget, kept
from partnerloop.responses.intake import NothingSaid
from partnerloop.responses.standing import standing

AN_INSTANT = timedelta(microseconds=1)


def close_drafts(program: Program, at: datetime) -> None:
    """Close every draft that has waited long enough, each in a transaction of its own."""
    for invitation in due(program.pk, at=at):
        with transaction.atomic():
            _close(invitation, at=at)


def _close(invitation: Invitation, *, at: datetime) -> None:
    draft = kept(invitation)
    # Its link was open when it was written; what came of the pulse since takes nothing away.
    counted_at = min(at, invitation.expires_at - AN_INSTANT)
    stands = standing(invitation)
    is_unanswered = stands.mode is None and not stands.was_used
    if draft is not None and is_unanswered:
        offered = offer(invitation, at=counted_at).modes
        if Mode.CONFIDENTIAL in offered:
            _count(invitation, draft, at=counted_at)
    forget(invitation)


def _count(invitation: Invitation, draft: Submission, *, at: datetime) -> None:
    sent = Submission(Mode.CONFIDENTIAL, draft.ratings, draft.words)
    try:
        receive(invitation, sent, at=at)
    except NothingSaid:
        return  # what it was about is no longer asked
