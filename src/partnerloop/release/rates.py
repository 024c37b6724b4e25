"""Response rates through the gate: in words, weekly, only where enough people were asked."""

from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet

from partnerloop.accounts.models import Membership
from partnerloop.core.clock import start_of, week_of
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation
from partnerloop.release.gate import REASONS, Reason, Scope
from partnerloop.responses.participation import Participation

WINDOW = timedelta(weeks=13)
FEWEST_ASKED = 5


def response_rate(program: Program, *, by: Membership | Partner, scope: Scope, at: datetime) -> str:
    """Return how many of those asked answered: none, some, about half or most; or why not told.

    The window ends with the last full week, so that one arrival is never seen.
    """
    if isinstance(by, Partner) and scope.partners != frozenset({by.pk}):
        return REASONS[Reason.NOT_YOURS]
    until = start_of(week_of(at.date()))
    asked = (
        Invitation.objects.of(program)
        .counted()
        .filter(asked_at__gte=until - WINDOW, asked_at__lt=until - timedelta(weeks=1))
    )
    if scope.partners is not None:
        asked = asked.filter(partner__in=scope.partners)
    counted = asked.aggregate(
        people=Count("contact", distinct=True),
        total=Count("pk"),
        answers=Count("pk", filter=Exists(_answered(program, until=until.date()))),
    )
    if counted["people"] < FEWEST_ASKED:
        return REASONS[Reason.TOO_FEW]
    return in_words(counted["answers"] / counted["total"])


def _answered(program: Program, *, until: date) -> QuerySet[Participation]:
    return Participation.objects.of(program).filter(invitation=OuterRef("pk"), week__lt=until)


def in_words(share: float) -> str:
    """Return a share as one of four words; finer would count people."""
    if share < 0.02:
        return "none"
    if share < 0.4:
        return "some"
    return "about half" if share <= 0.6 else "most"
