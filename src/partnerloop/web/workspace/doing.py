"""What a partner does, by the vendor's own systems: signals beside the scores, never in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from partnerloop.alerts.crossing import value_of
from partnerloop.alerts.models import Crossing, SignalLimit
from partnerloop.partners.counting import Record, kinds, records, windows
from partnerloop.partners.models import Partner
from partnerloop.web.workspace.signal_limit_form import spelled
from partnerloop.web.workspace.signal_limits import plain, rule

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
    for limit in SignalLimit.objects.of(program).current().select_related("program").order_by("pk"):
        by_kind.setdefault(limit.kind, []).append(limit)
    rows = Crossing.objects.of(program).filter(partner=partner, back_on__isnull=True)
    since = dict(rows.values_list("limit_id", "crossed_on"))
    known = records(partner, at=at)
    return [
        _doing(
            kind,
            known.get(kind),
            [_held(partner, limit, since.get(limit.pk), at=at) for limit in limits],
        )
        for kind, limits in by_kind.items()
    ]


def _doing(kind: str, known: Record | None, limits: Sequence[Held]) -> Doing:
    if known is None:
        return Doing(spelled(kind), False, "", None, "", "", "", limits)
    return Doing(
        name=spelled(kind),
        is_known=True,
        last=plain(known.last),
        last_on=known.last_at.date(),
        month=_said(known.month),
        quarter=_said(known.quarter),
        mean=_said(known.mean),
        limits=limits,
    )


def _held(partner: Partner, limit: SignalLimit, since: date | None, *, at: datetime) -> Held:
    found = windows(partner.program, limit.kind, days=limit.days, at=at, partners=[partner.pk])
    window = found.get(partner.pk)
    value = value_of(limit, window) if window else None
    if value is None:
        return Held(rule(limit), "unknown", "", None)
    if limit.is_crossed_by(value):
        return Held(rule(limit), "crossed", _rounded(value), since)
    return Held(rule(limit), "kept", _rounded(value), None)


def _said(value: Decimal | None) -> str:
    """Say a figure; nothing received in these days is no zero that was measured."""
    return NONE if value is None else _rounded(value)


def _rounded(value: Decimal) -> str:
    return plain(round(value, 1))
