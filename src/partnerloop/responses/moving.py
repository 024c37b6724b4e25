"""Moving a confidential response into the drops of its round."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from partnerloop.core import ids
from partnerloop.programs.models import Mode
from partnerloop.pulses.models import Invitation
from partnerloop.responses.dropping import put, put_values
from partnerloop.responses.intake import remember_mode
from partnerloop.responses.models import Answer, Comment, Response
from partnerloop.responses.reply import writer_of_receipt
from partnerloop.responses.rights import KEPT_AFTER


@dataclass(frozen=True, slots=True)
class Movable:
    """A confidential response whose round is open, with what it holds."""

    invitation: Invitation
    response_id: UUID
    answer_ids: tuple[UUID, ...]
    comment_ids: tuple[UUID, ...]


def movable(token: str, *, at: datetime) -> Movable | None:
    """Return the confidential response behind a receipt while its round is open, or None.

    After 35 days a counted value may be gone, so that nothing says any more that it was counted:
    what is left of the response then stays what it is.
    """
    found = writer_of_receipt(ids.token_hash(token))
    if found is None:
        return None
    response, invitation = found
    if response.mode != Mode.CONFIDENTIAL or not invitation.cell or at >= invitation.expires_at:
        return None
    if response.day <= at.date() - KEPT_AFTER:
        return None
    answers = Answer.objects.of(response.program_id).filter(response=response)
    comments = Comment.objects.of(response.program_id).filter(response=response)
    return Movable(
        invitation=invitation,
        response_id=response.pk,
        answer_ids=tuple(answers.values_list("pk", flat=True)),
        comment_ids=tuple(comments.values_list("pk", flat=True)),
    )


def move(found: Movable) -> str:
    """Seal what was said, delete the response with its writer; return the new receipt's token."""
    program = found.invitation.program_id
    answers = Answer.objects.of(program).filter(pk__in=found.answer_ids)
    ratings = dict(answers.values_list("wording", "value"))
    comments = Comment.objects.of(program).filter(pk__in=found.comment_ids)
    words = dict(comments.exclude(wording=None).values_list("wording", "text"))
    remember_mode(found.invitation, Mode.ANONYMOUS)
    token = put(found.invitation, put_values(found.invitation, ratings), words)
    Response.objects.of(program).filter(pk=found.response_id).delete()
    return token
