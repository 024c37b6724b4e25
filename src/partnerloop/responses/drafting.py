"""Keeping a draft until its writer says who may know it was them, or two days have gone by.

A draft counts for nothing and is shown to nobody but who opens its link.
"""

import json
from datetime import datetime, timedelta

from django.db import transaction

from partnerloop.programs.sealing import SealBroken, seal_without_time, unseal
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.responses.accepted import Submission
from partnerloop.responses.drafts import Draft
from partnerloop.responses.intake import AlreadyAnswered
from partnerloop.responses.standing import standing

KEPT = timedelta(hours=48)
HOUR = timedelta(hours=1)


@transaction.atomic
def keep(invitation: Invitation, submission: Submission, *, at: datetime) -> None:
    """Keep what was filled in, in place of an older draft, or raise `AlreadyAnswered`.

    The round is locked as by an anonymous answer, so that none of the two can miss the other.
    """
    Pulse.objects.select_for_update().of(invitation.program_id).get(pk=invitation.pulse_id)
    stands = standing(invitation)
    if stands.mode is not None or stands.was_used:
        raise AlreadyAnswered
    content = {
        "ratings": list(submission.ratings.items()),
        "words": list(submission.words.items()),
    }
    Draft.objects.of(invitation.program_id).update_or_create(
        invitation=invitation,
        defaults={
            "program_id": invitation.program_id,
            "sealed": seal_without_time(json.dumps(content)),
            "due_at": _due(at),
        },
    )


def kept(invitation: Invitation) -> Submission | None:
    """Return what a link's draft holds, or None; one that this key cannot open is none."""
    draft = Draft.objects.of(invitation.program_id).filter(invitation=invitation).first()
    if draft is None:
        return None
    try:
        content = json.loads(unseal(draft.sealed))
    except SealBroken:
        return None
    return Submission(None, dict(content["ratings"]), dict(content["words"]))


def forget(invitation: Invitation) -> None:
    """Delete the draft of a link; call it in the transaction that stores what was sent."""
    Draft.objects.of(invitation.program_id).filter(invitation=invitation).delete()


def due(program_id: int, *, at: datetime) -> list[Invitation]:
    """Return the links whose drafts have waited long enough."""
    waiting = Draft.objects.of(program_id).filter(due_at__lte=at).values("invitation")
    found = Invitation.objects.of(program_id).filter(pk__in=waiting)
    return list(found.select_related("program", "pulse", "contact", "partner").order_by("pk"))


def _due(at: datetime) -> datetime:
    """Return the first whole hour that is 48 hours away or more."""
    earliest = at + KEPT
    whole = earliest.replace(minute=0, second=0, microsecond=0)
    return whole if whole == earliest else whole + HOUR
