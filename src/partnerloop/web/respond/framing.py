"""What stands around the questions of an invitation: who asks, in which language, the ways out."""

from functools import cache

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerloop.core.speaking import spoken
from partnerloop.partners.models import Contact
from partnerloop.programs.models import Mode
from partnerloop.pulses.asked import AskedQuestion, asked_questions
from partnerloop.pulses.models import Invitation
from partnerloop.web.respond.pages import Letterhead, Links

MODES = {
    Mode.NAMED: _("With your name"),
    Mode.CONFIDENTIAL: _("Confidential"),
    Mode.ANONYMOUS: _("Anonymous"),
}

SOMEBODY = "somebody"  # stands where a token does; no path of ours has this word


def letterhead(invitation: Invitation) -> Letterhead:
    """Return who asks whom."""
    program = invitation.program
    about = gettext("for {partner}").format(partner=invitation.partner.name)
    return Letterhead(program.vendor_name, about=about, language=language_of(invitation))


def language_of(invitation: Invitation) -> str:
    """Return the language around an invitation's questions: theirs, where it has such words."""
    questions = asked_questions(invitation.program_id, invitation.asked)
    wanted = [question.language for question in questions[:1]]
    person = (invitation.contact.language, invitation.partner.language)
    return spoken(*wanted, *person, invitation.program.language)


def language_of_contact(contact: Contact) -> str:
    """Return the language of a page that belongs to a person and to no questions."""
    return spoken(contact.language, contact.program.language)


def mode_label(mode: Mode | str) -> str:
    """Return what a mode is called, in the active language."""
    return str(MODES[Mode(mode)])


def links(token: str, invitation: Invitation) -> Links:
    """Return the ways out of a respondent page."""
    return Links(
        not_you=address("not_you", token),
        tell_us_now=address("now", token),
        less_often=address("less", token),
        stop=address("stop", token),
        promise=address("promise", invitation.program.slug),
    )


def address(name: str, token: str) -> str:
    """Return the address of a respondent page; tokens and slugs are plain letters in any."""
    return _pattern(name).replace(SOMEBODY, token)


@cache
def _pattern(name: str) -> str:
    # looking up an address costs more than a query, and a visit needs six
    return reverse(f"respond:{name}", args=[SOMEBODY])


def foreign(question: AskedQuestion) -> str:
    """Return the language of a question where the page speaks another one, else nothing."""
    here = translation.get_language() or ""
    return "" if question.language.partition("-")[0] == here else question.language


def said(text: str, vendor: str) -> str:
    """Return a question with the vendor's name in it."""
    return text.replace("{vendor}", vendor)
