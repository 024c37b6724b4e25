"""Warning a writer whose words would point at them, once and before anything is stored."""

from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation
from partnerloop.release.scrubbing import GAP, scrubbed
from partnerloop.responses.standing import Standing
from partnerloop.web.respond.forms import Posted


def pointing_names(invitation: Invitation) -> list[str]:
    """Return the names that a writer gives themselves away by: their own and their company's."""
    person = invitation.contact.name
    names = (person, *person.split(), invitation.partner.name)
    return [name for name in dict.fromkeys(names) if len(name) > 2]


def gives_away(posted: Posted, invitation: Invitation, stands: Standing) -> bool:
    """Return whether somebody who wants to stay unknown wrote what would be taken out."""
    if (stands.mode or posted.submission.mode) == Mode.NAMED:
        return False
    names = pointing_names(invitation)
    said = posted.submission.words.values()
    return any(GAP not in text and GAP in scrubbed(text, names=names) for text in said)
