"""What was sent without saying who may know it was whom: kept, shown again, and asked about."""

from datetime import datetime

from django.utils.translation import gettext

from partnerloop.evidence.offering import DRAFT_HOURS, Offer, offer
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation
from partnerloop.responses import drafting
from partnerloop.responses.accepted import Submission
from partnerloop.responses.standing import Standing
from partnerloop.web.respond.forms import CANNOT_JUDGE, Posted
from partnerloop.web.respond.pages import FormError


def waits_for_a_choice(
    invitation: Invitation, posted: Posted, stands: Standing, *, at: datetime
) -> bool:
    """Return whether the person could choose who may know, and has not."""
    if posted.submission.mode is not None or stands.mode is not None:
        return False
    return len(offer(invitation, at=at).choices) > 1


def keep(invitation: Invitation, posted: Posted, *, at: datetime) -> Posted:
    """This will keep what was filled in, and return it with the question that is left."""
    drafting.keep(invitation, posted.submission, at=at)
    asked = FormError(gettext("Who may know it was you? Choose one of these."), field="mode")
    return Posted(posted.submission, posted.fields, (asked,))


def fields_of(draft: Submission | None) -> dict[str, str]:
    """Return a draft as the fields of the form."""
    if draft is None:
        return {}
    values = {
        f"q{wording}": CANNOT_JUDGE if value is None else str(value)
        for wording, value in draft.ratings.items()
    }
    return values | {f"q{wording}": words for wording, words in draft.words.items()}


def told_again(offered: Offer) -> str:
    """Return what is said above questions that were filled in before."""
    told = gettext("We kept what you filled in. It counts when you press Send.")
    return f"{told} {_otherwise(offered)}"


def _otherwise(offered: Offer) -> str:
    if Mode.CONFIDENTIAL in offered.modes:
        told = gettext("Without a choice it counts as confidential after {hours} hours.")
    else:
        told = gettext("Without a choice it is deleted after {hours} hours.")
    return told.format(hours=DRAFT_HOURS)
