"""A confidential answer becomes anonymous, as long as nothing of it was counted or passed on."""

from datetime import datetime

from django.db import transaction

from partnerloop.evidence.rights import was_counted, withdraw
from partnerloop.programs.models import Mode
from partnerloop.release.withdrawing import take_back, was_passed_on
from partnerloop.responses.moving import Movable, movable, move


class CannotBecomeAnonymous(Exception):
    """A value was counted, words were passed on, or no large group was invited together."""


def may_become_anonymous(token: str, *, at: datetime) -> bool:
    """Return whether the answer behind a receipt may still become anonymous; nothing is changed."""
    found = movable(token, at=at)
    if found is None or Mode.ANONYMOUS not in found.invitation.pulse.modes:
        return False
    program = found.invitation.program
    return not was_passed_on(program, found.comment_ids) and not was_counted(
        program, found.answer_ids
    )


@transaction.atomic
def become_anonymous(token: str, *, at: datetime) -> str:
    """Turn a confidential answer into a sealed drop and return the token of its new receipt.

    The old receipt leads nowhere afterwards, and nothing says what became of it.
    """
    found = movable(token, at=at)
    if found is None or Mode.ANONYMOUS not in found.invitation.pulse.modes:
        raise CannotBecomeAnonymous
    if not _is_untouched(found):
        raise CannotBecomeAnonymous
    return move(found)


def _is_untouched(found: Movable) -> bool:
    """Take back what waits; return whether that was everything. A refusal rolls all of it back."""
    program = found.invitation.program
    return take_back(program, found.comment_ids) and withdraw(program, found.answer_ids)
