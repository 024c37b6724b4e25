"""What a link has brought in so far, read in one question: each visit and each answer asks it.

Four queries of the ORM cost more than all other work on the answer page, building their SQL alone
takes a millisecond; so this one statement is written by hand, for both databases.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection

from partnerloop.core import ids
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation

STANDING = """
SELECT identity.response_id,
       response.mode,
       EXISTS (SELECT 1 FROM responses_spentlink WHERE invitation_id = link.id)
       OR EXISTS (SELECT 1 FROM responses_participation WHERE invitation_id = link.id),
       usual.mode,
       EXISTS (SELECT 1 FROM responses_draft WHERE invitation_id = link.id)
FROM pulses_invitation link
LEFT JOIN responses_identity identity ON identity.invitation_id = link.id
LEFT JOIN responses_response response ON response.id = identity.response_id
LEFT JOIN responses_modechoice usual
       ON usual.contact_id = link.contact_id AND usual.partner_id = link.partner_id
WHERE link.id = %s AND link.program_id = %s
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a link stands: the mode of its first answer, and how its person answered last.

    `was_used` also holds for what can no longer be changed: answered anonymously, or by a writer
    whom the program forgot since.
    """

    response_id: UUID | None
    mode: Mode | None
    was_used: bool
    usual_mode: Mode | None
    has_draft: bool

    @property
    def is_spent(self) -> bool:
        """Return whether the link was used and nothing that it brought in can be changed by it."""
        return self.mode is None and self.was_used

    @property
    def receipt_token(self) -> str | None:
        """Return the token of the receipt that belongs to the link, or None without an answer."""
        return receipt_token(self.response_id) if self.response_id else None


def standing(invitation: Invitation) -> Standing:
    """Return what a link has brought in so far."""
    number = Invitation._meta.pk.get_db_prep_value(invitation.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [number, invitation.program_id])
        response, mode, was_used, usual, drafted = cursor.fetchone()
    return Standing(
        response_id=response if response is None or isinstance(response, UUID) else UUID(response),
        mode=Mode(mode) if mode else None,
        was_used=bool(was_used),
        usual_mode=Mode(usual) if usual else None,
        has_draft=bool(drafted),
    )


def receipt_token(response_id: UUID) -> str:
    """Return the token of a response's receipt link; only its hash is stored."""
    return ids.derived_token(settings.PARTNERLOOP_LINK_KEY.encode(), "receipt", str(response_id))
