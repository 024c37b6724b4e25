"""The mail that invites a person to become a member of a program."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from partnerloop.accounts.inviting import Invited
from partnerloop.core import ids
from partnerloop.core.dates import written_day
from partnerloop.core.models import Message
from partnerloop.core.outbox import post
from partnerloop.core.speaking import spoken
from partnerloop.integrations.email.filling import message_of
from partnerloop.integrations.email.letters import MembershipMail, Sender
from partnerloop.integrations.email.rendering import render_membership


def mail_invitation(invited: Invited, *, at: datetime) -> None:
    """This will post the invitation; its link is in this mail and nowhere else."""
    invitation, program = invited.invitation, invited.invitation.program
    asked_by = invitation.invited_by
    with override(spoken(program.language)):
        until = written_day(invitation.expires_at.date())
    mail = render_membership(
        MembershipMail(
            sender=Sender(program.vendor_name, language=spoken(program.language)),
            url=f"{settings.PARTNERLOOP_URL}/join/{invited.token}",
            program=program.name,
            role=invitation.get_role_display(),
            valid_until=until,
            inviter=asked_by.user.name if asked_by else "",
        )
    )
    message = message_of(
        mail,
        to=invitation.email,
        purpose=Message.Purpose.SIGN_IN,
        key=f"membership:{ids.random_id()}",
        program_id=program.pk,
        at=at,
    )
    post([message])
