"""Taking back words that are held and were shown to nobody."""

from collections.abc import Iterable
from uuid import UUID

from partnerloop.programs.models import Program
from partnerloop.release.models import HeldComment, ReleasedComment


def was_passed_on(program: Program, comment_ids: Iterable[UUID]) -> bool:
    """Return whether one of these comments was released."""
    return ReleasedComment.objects.of(program).filter(comment_id__in=list(comment_ids)).exists()


def take_back(program: Program, comment_ids: Iterable[UUID]) -> bool:
    """Hold comments no longer; return False, and change nothing, where one was released."""
    numbers = list(comment_ids)
    if was_passed_on(program, numbers):
        return False
    HeldComment.objects.of(program).filter(comment_id__in=numbers).delete()
    return True
