"""Who is reminded: once, four days after the mail, and only who has not answered and may be asked.

The only room besides those of answers that may know this, and it tells nobody but the mail queue.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from partnerloop.partners.stopping import suppressed
from partnerloop.partners.wishing import NONE, wishes_of
from partnerloop.planning.quiet import hours_of, is_quiet, zone_of
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation
from partnerloop.responses.dropping import spent_links
from partnerloop.responses.participation import Participation

AFTER = timedelta(days=4)
TOO_LATE = timedelta(days=12)  # weekends and holidays may put a reminder off so far
TIME_LEFT = timedelta(hours=24)


def to_remind(program: Program, mailed: Collection[UUID], *, at: datetime) -> list[Invitation]:
    """Return those of the mailed invitations whose people are reminded at this moment."""
    answered = Participation.objects.of(program).values("invitation")
    asks = Invitation.objects.of(program).filter(
        pk__in=mailed,
        contact__stopped_at__isnull=True,
        # the link belongs to who reads the address it first went to
        contact__addressed_at__lte=F("asked_at"),
        expires_at__gt=at + TIME_LEFT,
    )
    asks = asks.exclude(pk__in=answered).exclude(pk__in=spent_links(program)).order_by("pk")
    rows = list(asks.select_related("program", "pulse", "contact", "partner"))
    blocked = suppressed(row.contact.email for row in rows)
    wishes, hours = wishes_of(program), hours_of(program)
    return [
        row
        for row in rows
        if row.contact.email not in blocked
        and wishes.get(row.contact_id, NONE).allow(at.date())
        and not is_quiet(hours, zone=zone_of(row.contact, program=program), at=at)
    ]
