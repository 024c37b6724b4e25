"""The links in invitations. Derived, so that a reminder can carry the same link; stored hashed."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models

from partnerloop.core import ids
from partnerloop.partners.models import Contact, Partner
from partnerloop.programs.models import Program
from partnerloop.programs.prepared import Given, Prepared, built, columns
from partnerloop.pulses.models import Invitation, Pulse

# What every page of a link tells of: read with its invitation, in one statement.
AROUND: dict[str, type[models.Model]] = {
    "program": Program,
    "pulse": Pulse,
    "contact": Contact,
    "partner": Partner,
}
BY_TOKEN = Prepared(
    lambda: (
        Invitation.objects.across_programs()
        .filter(token_hash=Given("token", models.CharField()))
        .values_list(
            *columns(Invitation),
            *(name for path, model in AROUND.items() for name in columns(model, path=f"{path}__")),
        )
    )
)


class InvitationUnknown(LookupError):
    """No invitation has this token."""


def invitation_token(invitation_id: UUID) -> str:
    """Return the token of an invitation: the same each time, unguessable without the key."""
    return ids.derived_token(
        settings.PARTNERLOOP_LINK_KEY.encode(), "invitation", str(invitation_id)
    )


def answer_url(token: str) -> str:
    """Return the address of the answer page; `/stop`, `/now` and `/less` hang below it."""
    return f"{settings.PARTNERLOOP_URL}/a/{token}"


def now_url(token: str) -> str:
    """Return where a person says something of their own accord."""
    return f"{answer_url(token)}/now"


def less_url(token: str) -> str:
    """Return where a person asks for a pause, or to be asked less often."""
    return f"{answer_url(token)}/less"


def stop_url(token: str) -> str:
    """Return where one click stops all asking (RFC 8058): POST acts, GET shows a button."""
    return f"{answer_url(token)}/stop"


def find_invitation(token: str) -> Invitation:
    """Return the invitation of a token, expired or not, or raise `InvitationUnknown`.

    An expired link still stops the asking, so being open is asked apart: `is_open`.
    """
    found = BY_TOKEN.first(token=ids.token_hash(token))
    if found is None:
        raise InvitationUnknown
    invitation: Invitation
    invitation, *around = built(found, Invitation, *AROUND.values())
    for name, one in zip(AROUND, around, strict=True):
        setattr(invitation, name, one)
    return invitation


def is_open(invitation: Invitation, *, at: datetime) -> bool:
    """Return whether the invitation may still be answered or changed."""
    return at < invitation.expires_at
