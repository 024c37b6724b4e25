"""What a partner does, by the vendor's own systems: signals beside the scores, never in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from partnerloop.alerts.crossing import value_of
from partnerloop.alerts.models import Crossing, SignalLimit
from partnerloop.partners.counting import Window, kinds, windows
from partnerloop.partners.models import Partner, Signal
from partnerloop.web.workspace.signal_limit_form import spelled
from partnerloop.web.workspace.signal_limits import plain, rule

MONTH, QUARTER = 30, 90
NONE = "none"


@dataclass(frozen=True, slots=True)
class Held:
    """A limit as it stands for one partner; `state` is crossed, kept or unknown."""

    rule: str
    state: str
    value: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Doing:
    """One kind of signal of one partner, in words; where none ever came it is not known."""

    name: str
    is_known: bool
    last: str
    last_on: date | None
    month: str
    quarter: str
    mean: str
    limits: Sequence[Held]


def doings(partner: Partner, *, at: datetime) -> list[Doing]:
    """This will return what is known of a partner for each kind that its program receives."""
    program = partner.program
    by_kind: dict[str, list[SignalLimit]] = {kind: [] for kind in kinds(program)}
    for limit in SignalLimit.objects.of(program).current().order_by("pk"):
        by_kind.setdefault(limit.kind, []).append(limit)
    rows = Crossing.objects.of(program).filter(partner=partner, back_on__isnull=True)
    since = dict(rows.values_list("limit_id", "crossed_on"))
    return [_doing(partner, kind, limits, since=since, at=at) for kind, limits in by_kind.items()]


def _doing(
    partner: Partner,
    kind: str,
    limits: Sequence[SignalLimit],
    *,
    since: dict[int, date],
    at: datetime,
) -> Doing:
    month, quarter = (_window(partner, kind, days=days, at=at) for days in (MONTH, QUARTER))
    signals = Signal.objects.of(partner.program_id).filter(partner=partner, kind=kind, at__lte=at)
    last = signals.order_by("-at").first()
    return Doing(
        name=spelled(kind),
        is_known=last is not None,
        last=plain(last.value) if last else "",
        last_on=last.at.date() if last else None,
        month=_total(month),
        quarter=_total(quarter),
        mean=_rounded(quarter.mean) if quarter and quarter.mean is not None else NONE,
        limits=[_held(partner, limit, since.get(limit.pk), at=at) for limit in limits],
    )


def _window(partner: Partner, kind: str, *, days: int, at: datetime) -> Window | None:
    found = windows(partner.program, kind, days=days, at=at, partners=[partner.pk])
    return found.get(partner.pk)


def _held(partner: Partner, limit: SignalLimit, since: date | None, *, at: datetime) -> Held:
    window = _window(partner, limit.kind, days=limit.days, at=at)
    value = value_of(limit, window) if window else None
    if value is None:
        return Held(rule(limit), "unknown", "", None)
    if limit.is_crossed_by(value):
        return Held(rule(limit), "crossed", _rounded(value), since)
    return Held(rule(limit), "kept", _rounded(value), None)


def _total(window: Window | None) -> str:
    """Say a sum; nothing received in these days is no zero that was measured."""
    return NONE if window is None or window.last_at is None else plain(window.total)


def _rounded(value: Decimal) -> str:
    return plain(round(value, 1))
