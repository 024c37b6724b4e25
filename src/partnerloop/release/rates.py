"""Response rates through the gate: in words, weekly, only where enough people were asked."""

from datetime import datetime, timedelta

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
    people = asked.values("contact").distinct().count()
    if people < FEWEST_ASKED:
        return REASONS[Reason.TOO_FEW]
    total = asked.count()
    answers = Participation.objects.of(program).filter(
        invitation__in=asked.values("pk"), week__lt=until.date()
    )
    return in_words(answers.count() / total)


def in_words(share: float) -> str:
    """Return a share as one of four words; finer would count people."""
    if share < 0.02:
        return "none"
    if share < 0.4:
        return "some"
    return "about half" if share <= 0.6 else "most"
