"""Words that answered no question, through the gate: they are named, and visible at once."""

from uuid import UUID

from partnerloop.core.clock import week_of
from partnerloop.programs.models import Program
from partnerloop.release.models import ReleasedComment
from partnerloop.responses.spoken import SpokenWords


def release_words(program: Program, words_id: UUID) -> ReleasedComment | None:
    """Release what a named person said of their own accord; a second run changes nothing."""
    words = SpokenWords.objects.of(program).filter(pk=words_id).first()
    if words is None:
        return None  # erased in the meantime
    row, _new = ReleasedComment.objects.of(program).get_or_create(
        comment_id=words.pk,
        defaults={
            "program": program,
            "text": words.text,
            "week": week_of(words.said_at.date()),
            "released_at": words.said_at,
            "contact_id": words.contact_id,
            "role": words.role,
            "partner_id": words.partner_id,
        },
    )
    return row
