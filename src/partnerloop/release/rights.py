"""What erasing a person means for words that were released or are held."""

from collections.abc import Iterable
from uuid import UUID

from partnerloop.programs.models import Program
from partnerloop.release.models import HeldComment, ReleasedComment

ERASED = "[erased at the writer’s wish]"


def erase(program: Program | int, *, named: Iterable[UUID], unnamed: Iterable[UUID]) -> None:
    """Blank a person's named words and drop those that are held.

    Unnamed words that were released stay, scrubbed as they are: were they to vanish on the day on
    which a person is erased, everybody would know whose they were.
    """
    words = ReleasedComment.objects.of(program).filter(comment_id__in=list(named))
    words.update(text=ERASED, contact=None)
    HeldComment.objects.of(program).filter(comment_id__in=list(unnamed)).delete()
