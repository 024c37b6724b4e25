"""What a partner's signals of a kind came to within some days; where none ever came: unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Avg, Count, Max, Min, OuterRef, Q, Subquery, Sum

from partnerloop.core import ids
from partnerloop.core.outbox import Happening, publish
from partnerloop.partners.models import Partner, Signal
from partnerloop.programs.models import Program

SIGNALS_KEPT = "signals.kept"
MONTH, QUARTER = 30, 90


@dataclass(frozen=True, slots=True)
class Window:
    """The signals of one partner and kind within some days; mean and last are None without any."""

    since: datetime
    first_at: datetime
    """Of all of them, also before the days that are looked at."""
    total: Decimal
    mean: Decimal | None
    last: Decimal | None

    @property
    def is_whole(self) -> bool:
        """Return whether signals of the kind were received before these days began."""
        return self.first_at <= self.since


def windows(
    program: Program, kind: str, *, days: int, at: datetime, partners: Iterable[int]
) -> dict[int, Window]:
    """This will count a kind over the last days; a partner that it never came for is left out."""
    since = at - timedelta(days=days)
    until_now = Signal.objects.of(program).filter(kind=kind, at__lte=at, partner__in=list(partners))
    lately = Q(at__gt=since)
    latest = until_now.filter(lately, partner=OuterRef("partner")).order_by("-at")
    counts = until_now.values_list("partner_id").annotate(
        first=Min("at"),
        number=Count("pk", filter=lately),
        total=Sum("value", filter=lately),
        last=Subquery(latest.values("value")[:1]),
    )
    return {
        partner: Window(
            since=since,
            first_at=first,
            total=total or Decimal(0),
            mean=total / number if number else None,
            last=last,
        )
        for partner, first, number, total, last in counts.order_by()
    }


def kinds(program: Program) -> list[str]:
    """This will return the kinds of signals that a program has received.

    Looked up one after the other by the index of kinds: a year of telemetry is not read for them.
    """
    found: list[str] = []
    names = Signal.objects.of(program).order_by("kind").values_list("kind", flat=True)
    kind = names.first()
    while kind is not None:
        found.append(kind)
        kind = names.filter(kind__gt=kind).first()
    return found


@dataclass(frozen=True, slots=True)
class Record:
    """What one partner's signals of a kind came to; None where nothing came in these days."""

    last: Decimal
    last_at: datetime
    month: Decimal | None
    quarter: Decimal | None
    mean: Decimal | None


def records(partner: Partner, *, at: datetime) -> dict[str, Record]:
    """This will return, by kind, what was received of a partner: the latest, 30 and 90 days."""
    rows = Signal.objects.of(partner.program_id).filter(partner=partner, at__lte=at)
    month, quarter = (Q(at__gt=at - timedelta(days=days)) for days in (MONTH, QUARTER))
    latest = rows.filter(kind=OuterRef("kind")).order_by("-at")
    counts = rows.values_list("kind").annotate(
        last=Subquery(latest.values("value")[:1]),
        last_at=Max("at"),
        month=Sum("value", filter=month),
        quarter=Sum("value", filter=quarter),
        mean=Avg("value", filter=quarter),
    )
    return {kind: Record(*told) for kind, *told in counts.order_by()}


def tell_of_signals(program_id: int, partners: Iterable[int] | None, *, at: datetime) -> None:
    """This will put into the outbox that signals were kept, of these partners or of many."""
    told = None if partners is None else sorted(set(partners))
    key = f"{SIGNALS_KEPT}:{ids.random_id()}"
    publish(Happening(SIGNALS_KEPT, key, program_id, {"partners": told}), at=at)
