"""Letting a past happen: evidence week by week with its ticks, then scores, alerts and comments.

For demo programs, and for histories that are imported. Every rule is the one that holds live; only
the reading and writing is done in bulk.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from partnerloop.alerts.watching import watch
from partnerloop.core.clock import week_of
from partnerloop.core.models import ScheduledRun
from partnerloop.evidence.anonymity import count_past
from partnerloop.evidence.taking import take_all
from partnerloop.evidence.tick import purge, tick
from partnerloop.loop.schedule import SCHEDULE
from partnerloop.programs.models import Program
from partnerloop.release.models import ReleasedComment
from partnerloop.release.past import release_loose, release_past
from partnerloop.release.remembering import remember
from partnerloop.responses.accepted import Accepted
from partnerloop.responses.past import PastRound
from partnerloop.responses.rights import forget_values
from partnerloop.scores.past import score_past

WEEK = timedelta(weeks=1)


@transaction.atomic
def replay(
    program: Program,
    accepted: Sequence[Accepted],
    *,
    at: datetime,
    key: bytes,
    rng: random.Random,
    rounds: Sequence[PastRound] = (),
) -> list[ReleasedComment]:
    """Take stored responses as evidence in the order of their weeks; return what was released."""
    ordered = sorted(accepted, key=lambda one: (one.at, str(one.response_id)))
    if not ordered:
        return []
    weeks, taken = [], 0
    week = week_of(ordered[0].day) + WEEK
    while week <= at.date():
        fresh = taken
        while fresh < len(ordered) and ordered[fresh].day < week:
            fresh += 1
        take_all(program, ordered[taken:fresh])
        tick(program, week=week, key=key)
        weeks.append(week)
        taken, week = fresh, week + WEEK
    take_all(program, ordered[taken:])
    for one in rounds:
        counted_in = week_of(one.over) + WEEK
        if counted_in <= at.date():
            count_past(program, one.values, past=one.id, week=counted_in, key=key)
    forget_values(program, purge(program, on=at.date()))
    score_past(program, weeks=weeks, at=at)
    watch(program, at=at)
    remember(program)
    note_schedule(program, at=at)
    named = release_past(program, writers=_writers(ordered), at=at, rng=rng)
    return named + release_loose(program, at=at)


def note_schedule(program: Program, *, at: datetime) -> None:
    """Write down that everything due by now was done."""
    for entry in SCHEDULE:
        ScheduledRun.objects.update_or_create(
            task=f"{entry.name}:{program.pk}", defaults={"ran_at": at, "failure": ""}
        )


def _writers(accepted: Sequence[Accepted]) -> dict[UUID, int]:
    """Return the contact of each named comment."""
    return {
        comment: one.contact_id
        for one in accepted
        if one.contact_id is not None
        for comment in one.comment_ids
    }
