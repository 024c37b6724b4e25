"""Unsealing anonymous answers, once a week and never fewer than five of a round at a time.

What was said and who answered are written in two transactions, each shuffled; a crash between them
leaves the flags for the next week.
"""

import random
from datetime import date, timedelta

from django.db import connection, transaction

from partnerloop.core.clock import start_of, week_of
from partnerloop.evidence.anonymity import EVERYBODY, cell_scope, keep_loose
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.release.comments import hold
from partnerloop.release.unnamed import SOMEBODY
from partnerloop.responses.dropping import (
    Opened,
    flag,
    forget_spent,
    open_drops,
    rounds,
    waiting,
    was_opened,
)

SWEPT = (
    "responses_draft",
    "responses_drop",
    "responses_spentlink",
    "responses_anonymousreceipt",
    "responses_anonymouscomment",
    "responses_participation",
    "evidence_looseanswer",
)


def unseal_rounds(program: Program, *, week: date, rng: random.Random) -> None:
    """Unseal every round of which five or more drops wait, and all that are left when it is over.

    Fewer than five at the end hide among those of the round that came before; where there are
    none, their ratings are dropped, their words kept, and nobody is noted to have answered.
    """
    for pulse in rounds(program.pk):
        count = waiting(pulse)
        over = pulse.closes_at is not None and pulse.closes_at <= start_of(week)
        enough = count >= program.pool_people or was_opened(pulse)
        if count < program.pool_people and not over and count:
            continue
        with transaction.atomic():
            opened = _open(pulse, week=week, rng=rng)
            if enough:
                keep_loose(pulse, opened.values, rng=rng)
        with transaction.atomic():
            if enough:
                flag(pulse, week=week - timedelta(weeks=1), rng=rng)
            else:
                forget_spent(pulse)


def sweep() -> None:
    """Leave no older versions of the rows behind in the database's files.

    SQLite overwrites what it deletes and needs its log emptied only.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        elif not connection.in_atomic_block:
            cursor.execute(f"VACUUM {', '.join(SWEPT)}")


def _open(pulse: Pulse, *, week: date, rng: random.Random) -> Opened:
    last = week_of(week) - timedelta(weeks=1)
    opened = open_drops(pulse, week=last, labels=_labels(pulse), rng=rng)
    hold(pulse.program, opened.comment_ids, since=week)
    return opened


def _labels(pulse: Pulse) -> dict[str, str]:
    """Return the words for the groups of a round; they were wide enough when links were made."""
    rows = Invitation.objects.of(pulse.program_id).filter(pulse=pulse).exclude(cell="")
    groups = set(rows.values_list("cell", flat=True)) | {EVERYBODY}
    return {cell: cell_scope(cell).get("type", "") or SOMEBODY for cell in groups}
