"""Releasing the comments of a past that came in at once, by the rules that held on each day."""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from partnerloop.core.clock import start_of, week_of
from partnerloop.partners.segmenting import Place, places
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.models import Invitation
from partnerloop.release.comments import (
    HELD_WORKING_DAYS,
    known_names,
    labels_among,
    working_days_after,
)
from partnerloop.release.models import HeldComment, ReleasedComment
from partnerloop.release.scrubbing import scrubbed
from partnerloop.release.unnamed import SOMEBODY
from partnerloop.responses.models import AnonymousComment, Comment

BATCH = 500
TOGETHER = 3
ASKED_WITHIN = timedelta(days=28)
LOOSE_AFTER = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom the program asked when, oldest first, so that a day's label needs no query."""

    days: list[date]
    pairs: list[tuple[int, int]]

    def until(self, day: date) -> list[tuple[int, int]]:
        """Return the (partner, contact) pairs asked in the four weeks that end on a day."""
        first = bisect_right(self.days, day - ASKED_WITHIN)
        return self.pairs[first : bisect_right(self.days, day)]


@transaction.atomic
def release_past(
    program: Program, *, writers: Mapping[UUID, int], at: datetime, rng: random.Random
) -> list[ReleasedComment]:
    """Release every comment that has none yet, as of the day on which it would have been.

    `writers` names the contact of each named comment. Those that would still be held are held.
    """
    rows = Comment.objects.of(program).select_related("response", "wording__question")
    seen = set(ReleasedComment.objects.of(program).values_list("comment_id", flat=True))
    fresh = [row for row in rows.order_by("day", "pk") if row.pk not in seen]
    released = [_named(row, writers) for row in fresh if row.response.mode == Mode.NAMED]
    unnamed = [row for row in fresh if row.response.mode != Mode.NAMED]
    batches = list(_batches(unnamed, today=at.date(), rng=rng))
    released += _unnamed(program, batches, at=at)
    gone = {row.pk for _, batch in batches for row in batch}
    HeldComment.objects.bulk_create(
        HeldComment(
            program=program,
            comment_id=row.pk,
            release_by=working_days_after(row.day, HELD_WORKING_DAYS),
        )
        for row in unnamed
        if row.pk not in gone
    )
    return ReleasedComment.objects.bulk_create(released, batch_size=BATCH)


def release_loose(program: Program, *, at: datetime) -> list[ReleasedComment]:
    """Release the anonymous words of the past, each in the week after it was written."""
    names = known_names(program)
    seen = set(ReleasedComment.objects.of(program).values_list("comment_id", flat=True))
    rows = AnonymousComment.objects.of(program).select_related("wording__question").order_by("pk")
    released = [
        ReleasedComment(
            program=program,
            comment_id=row.pk,
            text=scrubbed(row.text, names=names),
            measure=row.wording.question.measure,
            week=row.week,
            released_at=start_of(row.week + LOOSE_AFTER),
            label=row.label or SOMEBODY,
        )
        for row in rows
        if row.pk not in seen and start_of(row.week + LOOSE_AFTER) <= at
    ]
    return ReleasedComment.objects.bulk_create(released, batch_size=BATCH)


def _named(comment: Comment, writers: Mapping[UUID, int]) -> ReleasedComment:
    assert comment.response.received_at is not None, "a named response has its time"
    return ReleasedComment(
        program_id=comment.program_id,
        comment_id=comment.pk,
        text=comment.text,
        measure=_measure(comment),
        week=week_of(comment.day),
        released_at=comment.response.received_at,
        contact_id=writers[comment.pk],
        role=comment.response.role,
        partner_id=comment.response.partner_id,
    )


def _batches(
    comments: Iterable[Comment], *, today: date, rng: random.Random
) -> Iterator[tuple[date, list[Comment]]]:
    """Yield what was let go on each day, shuffled: three together, or those whose time came."""
    waiting = list(comments)
    if not waiting:
        return
    day = waiting[0].day
    while day <= today:
        day += timedelta(days=1)
        held = waiting[: bisect_left([row.day for row in waiting], day)]
        chosen = held
        if len(held) < TOGETHER:
            chosen = [r for r in held if working_days_after(r.day, HELD_WORKING_DAYS) <= day]
        if chosen and day <= today:
            waiting = [row for row in held if row not in chosen] + waiting[len(held) :]
            rng.shuffle(chosen)
            yield day, chosen


def _unnamed(
    program: Program, batches: list[tuple[date, list[Comment]]], *, at: datetime
) -> list[ReleasedComment]:
    names = known_names(program)
    asked = _asked(program, at=at)
    where = places(program, on=at.date())
    found = []
    for day, batch in batches:
        labels = labels_among(program, asked.until(day), where=_were(batch, where))
        for comment in batch:
            found.append(
                ReleasedComment(
                    program=program,
                    comment_id=comment.pk,
                    text=scrubbed(comment.text, names=names),
                    measure=_measure(comment),
                    week=week_of(comment.day),
                    released_at=start_of(day),
                    label=labels.get(comment.response.partner_id, SOMEBODY),
                )
            )
    return found


def _were(batch: list[Comment], where: dict[int, Place]) -> dict[int, Place]:
    """Return the partners' attributes, those of a comment's own partner as on its day."""
    then: dict[int, Place] = {
        comment.response.partner_id: comment.response.place for comment in batch
    }
    return where | then


def _asked(program: Program, *, at: datetime) -> Asked:
    rows = Invitation.objects.of(program).filter(asked_at__lte=at).order_by("asked_at")
    found = list(rows.values_list("asked_at", "partner_id", "contact_id"))
    return Asked(
        days=[when.date() for when, _, _ in found],
        pairs=[(partner, contact) for _, partner, contact in found],
    )


def _measure(comment: Comment) -> str:
    return comment.wording.question.measure if comment.wording else ""
