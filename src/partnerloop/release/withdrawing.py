"""Taking back words that are held and were shown to nobody."""

from collections.abc import Iterable
from uuid import UUID

from partnerloop.programs.models import Program
from partnerloop.release.models import HeldComment, ReleasedComment


def take_back(program: Program, comment_ids: Iterable[UUID]) -> bool:
    """Hold comments no longer; return False, and change nothing, where one was released."""
    numbers = list(comment_ids)
    if ReleasedComment.objects.of(program).filter(comment_id__in=numbers).exists():
        return False
    HeldComment.objects.of(program).filter(comment_id__in=numbers).delete()
    return True
