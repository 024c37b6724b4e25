"""What stands around the questions of an invitation: who asks, in which language, the ways out."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerloop.partners.models import Contact
from partnerloop.programs.models import Mode
from partnerloop.pulses.asked import asked_questions
from partnerloop.pulses.models import Invitation
from partnerloop.web.respond.pages import Letterhead, Links

MODES = {
    Mode.NAMED: _("With your name"),
    Mode.CONFIDENTIAL: _("Confidential"),
    Mode.ANONYMOUS: _("Anonymous"),
}


def letterhead(invitation: Invitation) -> Letterhead:
    """Return who asks whom."""
    program = invitation.program
    about = gettext("for {partner}").format(partner=invitation.partner.name)
    return Letterhead(program.vendor_name, about=about, language=language_of(invitation))


def language_of(invitation: Invitation) -> str:
    """Return the language that an invitation's questions are written in."""
    questions = asked_questions(invitation.program_id, invitation.asked)
    return questions[0].language if questions else invitation.program.language


def language_of_contact(contact: Contact) -> str:
    """Return the language of a page that belongs to a person and to no questions."""
    return contact.language or contact.program.language


def mode_label(mode: Mode | str) -> str:
    """Return what a mode is called, in the active language."""
    return str(MODES[Mode(mode)])


def links(token: str, invitation: Invitation) -> Links:
    """Return the ways out of a respondent page."""
    return Links(
        not_you=reverse("respond:not_you", args=[token]),
        tell_us_now=reverse("respond:now", args=[token]),
        less_often=reverse("respond:less", args=[token]),
        stop=reverse("respond:stop", args=[token]),
        promise=reverse("respond:promise", args=[invitation.program.slug]),
    )


def said(text: str, vendor: str) -> str:
    """Return a question with the vendor's name in it."""
    return text.replace("{vendor}", vendor)
