"""Why somebody is asked, in words to themselves: "Why you, why now?"."""

from datetime import date, datetime

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerloop.core.dates import written_day
from partnerloop.partners.models import Contact
from partnerloop.programs.prepared import Given, Prepared
from partnerloop.pulses.models import Invitation

WORK: dict[str, str | Promise] = {
    "sales": _("You work on sales"),
    "marketing": _("You work on marketing"),
    "technical": _("You do technical work"),
    "executive": _("You are one of those who decide"),
    "operations": _("You work on operations"),
}
EARLIER = Prepared(
    lambda: (
        Invitation.objects.of(Given("program", models.BigIntegerField()))
        .filter(
            contact=Given("contact", models.BigIntegerField()),
            asked_at__lt=Given("before", models.DateTimeField()),
        )
        .order_by("-asked_at")
        .values_list("asked_at")[:1]
    )
)


def last_asked(contact: Contact, *, before: datetime) -> date | None:
    """Return the day of a person's last ask before a moment, for "why you, why now"."""
    found = EARLIER.first(program=contact.program_id, contact=contact.pk, before=before)
    return found[0].date() if found else None


def to_the_person(*, role: str, partner: str, last: date | None) -> str:
    """Return "Why you, why now?" as the person asked reads it."""
    if last is None:
        told = gettext("{work} at {partner}, and have not been asked before.")
    else:
        told = gettext("{work} at {partner}, and were last asked on {last}.")
    day = written_day(last) if last else ""
    return told.format(work=str(WORK[role]), partner=partner, last=day)
