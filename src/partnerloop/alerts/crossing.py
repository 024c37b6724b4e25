"""Looking whether signals crossed the limits set for them: once, until they were right again.

Signals are facts that the vendor's own systems report of a company, no answers; nothing here reads
evidence. A crossing is a count or a measured value beyond a set number, so it needs no range.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from partnerloop.alerts.models import Alert, Crossing, SignalLimit
from partnerloop.partners.counting import Window, windows
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program

AGAIN = timedelta(days=30)


@transaction.atomic
def cross(
    program: Program, *, at: datetime, partners: Iterable[int] | None = None
) -> list[Crossing]:
    """This will note who crossed a limit and who came back; return the new crossings.

    Safe to repeat: a crossing that is open, or younger than 30 days, is not noted again.
    """
    if not SignalLimit.objects.of(program).current().exists():
        return []
    Program.objects.select_for_update().get(pk=program.pk)  # one at a time
    limits = list(SignalLimit.objects.of(program).current().order_by("pk"))
    active = Partner.objects.of(program).active(at.date())
    chosen = set(active.values_list("pk", flat=True))
    if partners is not None:
        chosen &= set(partners)
    return [one for limit in limits for one in _look(limit, chosen, at=at)]


def values(limit: SignalLimit, partners: Collection[int], *, at: datetime) -> dict[int, Decimal]:
    """This will count what a limit looks at, for those partners of whom it is known."""
    found = windows(limit.program, limit.kind, days=limit.days, at=at, partners=partners)
    counted = {pk: value_of(limit, window) for pk, window in found.items()}
    return {pk: value for pk, value in counted.items() if value is not None}


def value_of(limit: SignalLimit, window: Window) -> Decimal | None:
    """This will return what a limit counts; None where that is not known.

    A sum is only called too low when signals came before its days began: the first ones of a new
    kind, or of a new partner, have not had these days yet.
    """
    if limit.count == SignalLimit.Count.MEAN:
        return window.mean
    if limit.count == SignalLimit.Count.LAST:
        return window.last
    if limit.side == SignalLimit.Side.BELOW and not window.is_whole:
        return None
    return window.total


def _look(limit: SignalLimit, partners: set[int], *, at: datetime) -> list[Crossing]:
    known, today = values(limit, partners, at=at), at.date()
    across = {pk: value for pk, value in known.items() if limit.is_crossed_by(value)}
    rows = Crossing.objects.of(limit.program_id).filter(limit=limit, partner__in=partners)
    still_open = dict(rows.filter(back_on__isnull=True).values_list("partner_id", "pk"))
    # what is not known any more is borne out by nothing, and closed as well
    _come_back([row for pk, row in still_open.items() if pk not in across], on=today, of=limit)
    lately = set(rows.filter(crossed_on__gt=today - AGAIN).values_list("partner_id", flat=True))
    return [
        _note(limit, pk, across[pk], on=today)
        for pk in sorted(across.keys() - still_open.keys() - lately)
    ]


def _come_back(rows: list[int], *, on: date, of: SignalLimit) -> None:
    Alert.objects.of(of.program_id).filter(crossing__in=rows, closed_on__isnull=True).update(
        closed_on=on
    )
    Crossing.objects.of(of.program_id).filter(pk__in=rows).update(back_on=on)


def _note(limit: SignalLimit, partner: int, value: Decimal, *, on: date) -> Crossing:
    noted = Crossing.objects.create(
        program_id=limit.program_id,
        limit=limit,
        partner_id=partner,
        value=value.quantize(Decimal("0.001")),
        crossed_on=on,
    )
    if limit.then == SignalLimit.Then.ALERT:
        Alert.objects.create(
            program_id=limit.program_id,
            partner_id=partner,
            measure=limit.kind,
            kind=Alert.Kind.SIGNAL,
            crossing=noted,
            opened_on=on,
            before_on=on,
            strength=0.0,  # no change by chance or beyond it: a number that was set
        )
    return noted
