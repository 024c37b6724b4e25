"""Response rates through the gate: in words, weekly, only where enough people were asked."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from partnerloop.accounts.models import Membership
from partnerloop.core.clock import start_of, week_of
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COUNTED_WAYS, Invitation, InvitationQuerySet, Pulse
from partnerloop.release.gate import REASONS, Reason, Scope
from partnerloop.release.models import ProgramWeek
from partnerloop.responses.participation import Participation

WINDOW = timedelta(weeks=13)
FEWEST_ASKED = 5


def response_rate(program: Program, *, by: Membership | Partner, scope: Scope, at: datetime) -> str:
    """Return how many of those asked answered: none, some, about half or most; or why not told.

    The window ends with the last full week, so that one arrival is never seen.
    """
    if isinstance(by, Partner) and scope.partners != frozenset({by.pk}):
        return REASONS[Reason.NOT_YOURS]
    week = week_of(at.date())
    if scope.partners is not None:
        return rate_in_words(program, week=week, partners=scope.partners)
    kept = ProgramWeek.objects.of(program).filter(week=week).values_list("answering", flat=True)
    return kept.first() or rate_in_words(program, week=week)


def rate_in_words(program: Program, *, week: date, partners: Collection[int] | None = None) -> str:
    """Return what is told in a week, counted anew; the program's own is kept at its tick."""
    asked = asked_in_window(program, until=start_of(week))
    if partners is not None:
        asked = asked.filter(partner__in=partners)
    people = asked.order_by().values("contact").distinct()[:FEWEST_ASKED]
    if len(people) < FEWEST_ASKED:
        return REASONS[Reason.TOO_FEW]
    answers = asked.filter(Exists(answered(program, until=week))).count()
    return in_words(answers / asked.count())


def asked_in_window(program: Program, *, until: datetime) -> InvitationQuerySet:
    """Return the asks of thirteen weeks that count in response, the newest week left out."""
    # the pulses by number: to look up the pulse of each ask takes as long as all the rest
    counted = Pulse.objects.of(program).filter(way__in=COUNTED_WAYS).values_list("pk", flat=True)
    asked = Invitation.objects.of(program).filter(pulse__in=list(counted))
    return asked.filter(asked_at__gte=until - WINDOW, asked_at__lt=until - timedelta(weeks=1))


def answered(program: Program, *, until: date) -> QuerySet[Participation]:
    """Return whether the invitation of an outer query was answered before a day."""
    return Participation.objects.of(program).filter(invitation=OuterRef("pk"), week__lt=until)


def in_words(share: float) -> str:
    """Return a share as one of four words; finer would count people."""
    if share < 0.02:
        return "none"
    if share < 0.4:
        return "some"
    return "about half" if share <= 0.6 else "most"
