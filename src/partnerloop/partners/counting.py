"""What a partner's signals of a kind came to within some days; where none ever came: unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Min, Q, Sum

from partnerloop.core import ids
from partnerloop.core.outbox import Happening, publish
from partnerloop.partners.models import Signal
from partnerloop.programs.models import Program

SIGNALS_KEPT = "signals.kept"


@dataclass(frozen=True, slots=True)
class Window:
    """The signals of one partner and kind within some days; mean and last are None without any."""

    since: datetime
    first_at: datetime
    """Of all of them, also before the days that are looked at."""
    total: Decimal
    mean: Decimal | None
    last: Decimal | None
    last_at: datetime | None

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
    counts = until_now.values_list("partner_id").annotate(
        first=Min("at"), number=Count("pk", filter=lately), total=Sum("value", filter=lately)
    )
    latest = {
        partner: (when, value)
        for partner, when, value in until_now.filter(lately)
        .order_by("at")
        .values_list("partner_id", "at", "value")
    }
    return {
        partner: Window(
            since=since,
            first_at=first,
            total=total or Decimal(0),
            mean=total / number if number else None,
            last=latest[partner][1] if number else None,
            last_at=latest[partner][0] if number else None,
        )
        for partner, first, number, total in counts.order_by()
    }


def kinds(program: Program) -> list[str]:
    """This will return the kinds of signals that a program has received."""
    return sorted(set(Signal.objects.of(program).values_list("kind", flat=True).distinct()))


def tell_of_signals(program_id: int, partners: Iterable[int] | None, *, at: datetime) -> None:
    """This will put into the outbox that signals were kept, of these partners or of many."""
    told = None if partners is None else sorted(set(partners))
    key = f"{SIGNALS_KEPT}:{ids.random_id()}"
    publish(Happening(SIGNALS_KEPT, key, program_id, {"partners": told}), at=at)
