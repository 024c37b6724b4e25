"""The address a mail comes back to: one for each mail, so that any report finds whom it was about.

Delivery reports that nobody can read still arrive at the address they were sent to. It holds the
random number of the mail, as its Message-ID does, and so cannot be guessed either.
"""

import re
from email.message import EmailMessage
from uuid import UUID

from django.conf import settings

PLACE = "{number}"
NUMBER = "([0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15})"
# Where mail servers write whom a mail was for, beside To.
RECIPIENTS = (
    "To",
    "Delivered-To",
    "X-Original-To",
    "X-Envelope-To",
    "Envelope-To",
    "X-Delivered-To",
)


def return_address(message_id: UUID) -> str:
    """Return where reports on a mail are sent; empty where the installation names no such place."""
    pattern: str = settings.PARTNERLOOP_RETURN_ADDRESS
    return pattern.replace(PLACE, message_id.hex)


def numbers_in(mail: EmailMessage) -> list[UUID]:
    """Return the mails of ours whose return address a mail was sent to."""
    pattern = settings.PARTNERLOOP_RETURN_ADDRESS
    if not pattern:
        return []
    wanted = re.compile(re.escape(pattern).replace(re.escape(PLACE), NUMBER), re.IGNORECASE)
    found = []
    for name in RECIPIENTS:
        for value in mail.get_all(name, []):
            found += [UUID(one.lower()) for one in wanted.findall(str(value))]
    return list(dict.fromkeys(found))
