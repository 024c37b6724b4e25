"""How many usually answer: one figure for the whole program, too coarse to tell of anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from partnerloop.core.clock import start_of, week_of
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation
from partnerloop.responses.participation import Participation

ASSUMED = 0.3
LEAST_ASKS = 50  # below, one answer would move the figure by more than it is rounded to
STEPS = 20  # the figure moves in twentieths: 5 %
TIME_TO_ANSWER = timedelta(days=28)
LOOK_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Share:
    """The part of those asked that usually answers."""

    value: float
    is_assumed: bool


def usual_share(program: Program, *, at: datetime) -> Share:
    """This will return which part of the asks of the last year was answered, to the next 5 %.

    Only asks that have had four full weeks count, and it moves only at the start of a week; below
    fifty such asks it is an assumption and says so.
    """
    week = start_of(week_of(at.date()))
    asks = Invitation.objects.of(program).since(week - LOOK_BACK)
    asks = asks.filter(asked_at__lte=week - TIME_TO_ANSWER)
    asked = asks.count()
    if asked < LEAST_ASKS:
        return Share(ASSUMED, is_assumed=True)
    answered = Participation.objects.of(program).filter(invitation__in=asks, week__lt=week.date())
    return Share(round(answered.count() / asked * STEPS) / STEPS, is_assumed=False)
