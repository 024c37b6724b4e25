"""Why somebody is asked, in words to themselves: "Why you, why now?"."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerloop.core.dates import written_day

WORK: dict[str, str | Promise] = {
    "sales": _("You work on sales"),
    "marketing": _("You work on marketing"),
    "technical": _("You do technical work"),
    "executive": _("You are one of those who decide"),
    "operations": _("You work on operations"),
}


def to_the_person(*, role: str, partner: str, last: date | None) -> str:
    """Return "Why you, why now?" as the person asked reads it."""
    if last is None:
        told = gettext("{work} at {partner}, and have not been asked before.")
    else:
        told = gettext("{work} at {partner}, and were last asked on {last}.")
    day = written_day(last) if last else ""
    return told.format(work=str(WORK[role]), partner=partner, last=day)
