"""Comments of unnamed people as they may leave the gate: their words, their week, their label."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from partnerloop.core.clock import week_of
from partnerloop.programs.models import Mode, Program
from partnerloop.responses.models import AnonymousComment, Comment
from partnerloop.responses.people import commenters

SOMEBODY = "one of your partners"
SPEAKING = timedelta(days=180)
SPEAKERS = 3


@dataclass(frozen=True, slots=True)
class Unnamed:
    """One comment, with its company where enough people of it commented, else with a label."""

    comment_id: UUID
    text: str
    measure: str
    week: date
    label: str
    partner_id: int | None = None


def unnamed_drafts(
    program: Program, wanted: Iterable[UUID], *, labels: Mapping[int, str], on: date
) -> list[Unnamed]:
    """Return confidential and anonymous comments, in the order in which they are wanted."""
    numbers = list(wanted)
    speaking = companies_that_speak(program, on=on)
    rows = Comment.objects.of(program).filter(pk__in=numbers)
    found = {
        row.pk: _confidential(row, labels, speaking)
        for row in rows.select_related("response", "wording__question")
        if row.response.mode == Mode.CONFIDENTIAL
    }
    loose = AnonymousComment.objects.of(program).filter(pk__in=numbers)
    found |= {row.pk: _anonymous(row) for row in loose.select_related("wording__question")}
    return [found[number] for number in numbers if number in found]


def companies_that_speak(program: Program, *, on: date) -> set[int]:
    """Return the companies of which three people commented in 180 days, by name or not."""
    counts = commenters(program, since=on - SPEAKING, until=on)
    return {partner for partner, count in counts.items() if count >= SPEAKERS}


def _confidential(comment: Comment, labels: Mapping[int, str], speaking: set[int]) -> Unnamed:
    partner = comment.response.partner_id
    known = partner in speaking
    return Unnamed(
        comment_id=comment.pk,
        text=comment.text,
        measure=comment.wording.question.measure if comment.wording else "",
        week=week_of(comment.day),
        label="" if known else labels.get(partner, SOMEBODY),
        partner_id=partner if known else None,
    )


def _anonymous(comment: AnonymousComment) -> Unnamed:
    return Unnamed(
        comment_id=comment.pk,
        text=comment.text,
        measure=comment.wording.question.measure,
        week=comment.week,
        label=comment.label or SOMEBODY,
    )
