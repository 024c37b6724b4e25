"""Asking again: the next round of each standing pulse, when its day has come."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.loop.asking import NobodyToAsk, NoModeOffered, launch
from partnerloop.planning.outlook import WEEKS, Round
from partnerloop.programs.models import Program
from partnerloop.pulses.drafting import next_round
from partnerloop.pulses.models import Pulse


def ask_again(program: Program, at: datetime) -> None:
    """This will ask the next round of each standing pulse that is due.

    Where nobody may be asked, nothing is left behind, and the next day tries again.
    """
    for first in Pulse.objects.of(program).standing().order_by("pk"):
        if next_day(first) <= at.date():
            _ask_once(first, at=at)


def coming_rounds(program: Program, *, at: datetime) -> list[Round]:
    """This will list the rounds of the coming four weeks, as far as one knows them now."""
    ends = at.date() + timedelta(weeks=WEEKS)
    found = []
    for first in Pulse.objects.of(program).standing().order_by("pk"):
        day = max(next_day(first), at.date())
        while day < ends:
            found.append(Round(first, day))
            day += timedelta(days=first.every_days or WEEKS * 7)
    return found


def later_rounds(program: Program, *, at: datetime) -> list[Round]:
    """This will list the next round of each standing pulse whose day lies beyond those weeks."""
    ends = at.date() + timedelta(weeks=WEEKS)
    found = [Round(first, next_day(first)) for first in Pulse.objects.of(program).standing()]
    return sorted((one for one in found if one.on >= ends), key=lambda one: (one.on, one.pulse.pk))


def next_day(first: Pulse) -> date:
    """Return the day from which a standing pulse is asked again."""
    assert first.launched_at is not None, "a standing pulse has been sent"
    assert first.every_days is not None, "a standing pulse has a cadence"
    newest = first.rounds.aggregate(at=Max("launched_at"))["at"]
    last = max(first.launched_at, newest or first.launched_at)
    return last.date() + timedelta(days=first.every_days)


@transaction.atomic
def stop_repeating(pulse: Pulse, *, by: Membership, at: datetime) -> None:
    """This will ask no further round; what was asked stays open."""
    Pulse.objects.of(pulse.program_id).filter(pk=pulse.pk).update(every_days=None)
    record_by(
        by, "pulse.stopped_repeating", target=f"pulse:{pulse.pk}", at=at, fields=("every_days",)
    )


def _ask_once(first: Pulse, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            # one scheduler at a time, and one round a day whoever calls
            Program.objects.select_for_update().get(pk=first.program_id)
            if next_day(first) <= at.date():
                launch(next_round(first, at=at), by=None, at=at)
    except (NobodyToAsk, NoModeOffered):
        return
