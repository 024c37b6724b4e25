"""Noticing: which partners changed beyond chance, from released scores and their weekly snapshots.

A change is beyond chance when the difference between the estimate now and the one of nine weeks ago
is larger than what both ranges together allow. Only ledger and named answers enter (scores are made
of nothing else), so an alert tells nothing that the figures do not.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt

from django.db import transaction

from partnerloop.alerts.models import Alert
from partnerloop.core.clock import week_of
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE
from partnerloop.scores.basis import PartnerBasis
from partnerloop.scores.models import PartnerScore, Snapshot

LOOK_BACK = timedelta(weeks=9)
BEYOND_CHANCE = 2.2
LEAST_POINTS = 0.75
GROWTH_MEASURE = "commitment"
GROWTH_LOW = 7.5


@dataclass(frozen=True, slots=True)
class Finding:
    """A change of one measure of a partner: its kind and strength in standard deviations."""

    measure: str
    kind: Alert.Kind
    strength: float


@transaction.atomic
def watch(program: Program, *, at: datetime, partners: list[int] | None = None) -> list[Alert]:
    """Open alerts for what changed, close those that no longer hold; return the new ones."""
    before_on = week_of(at.date() - LOOK_BACK)
    scores = PartnerScore.objects.of(program)
    earlier = Snapshot.objects.of(program).filter(week=before_on)
    if partners is not None:
        scores, earlier = scores.filter(partner__in=partners), earlier.filter(partner__in=partners)
    before = dict(earlier.values_list("partner_id", "estimates"))
    opened = []
    for score in scores:
        found = findings(program, score, before.get(score.partner_id), at=at)
        opened += _settle(program, score.partner_id, found, before_on=before_on, at=at)
    return opened


def findings(
    program: Program, score: PartnerScore, before: dict[str, object] | None, *, at: datetime
) -> list[Finding]:
    """Return what changed beyond chance at one partner: the clearest measure only, and growth."""
    since = at.date() - timedelta(days=program.figure_age_days)
    basis = PartnerBasis.from_json(score.basis)
    found = []
    if before is not None:
        figures: dict[str, list[float]] = before["figures"]  # type: ignore[assignment]
        changes = [
            _change(measure, numbers, figures.get(measure))
            for measure, numbers in score.estimates.items()
            if measure == COMPOSITE or not basis.recent(measure, since=since).is_empty
        ]
        real = [change for change in changes if change is not None]
        found += sorted(real, key=lambda one: -one.strength)[:1]
    commitment = score.estimates.get(GROWTH_MEASURE)
    spoken = not basis.recent(GROWTH_MEASURE, since=since).is_empty
    if commitment is not None and spoken and commitment[2] >= GROWTH_LOW:
        strength = (commitment[0] - GROWTH_LOW) / commitment[1]
        found.append(Finding(GROWTH_MEASURE, Alert.Kind.GROWTH, strength))
    return found


def _change(measure: str, now: list[float], then: list[float] | None) -> Finding | None:
    if then is None:
        return None
    difference = now[0] - then[0]
    chance = sqrt(abs(then[1] ** 2 - now[1] ** 2) + 0.25 * (then[1] ** 2 + now[1] ** 2))
    strength = abs(difference) / chance
    if strength < BEYOND_CHANCE or abs(difference) < LEAST_POINTS:
        return None
    kind = Alert.Kind.DROP if difference < 0 else Alert.Kind.RISE
    return Finding(measure, kind, strength)


def _settle(
    program: Program, partner_id: int, found: list[Finding], *, before_on: date, at: datetime
) -> list[Alert]:
    known = Alert.objects.of(program).filter(partner=partner_id, closed_on__isnull=True)
    still = {(one.measure, one.kind) for one in found}
    held = set()
    for alert in known:
        if (alert.measure, alert.kind) in still:
            held.add((alert.measure, alert.kind))
        else:
            alert.closed_on = at.date()
            alert.save(update_fields=["closed_on"])
    fresh = [one for one in found if (one.measure, one.kind) not in held]
    return [
        Alert.objects.create(
            program=program,
            partner_id=partner_id,
            measure=one.measure,
            kind=one.kind,
            opened_on=at.date(),
            before_on=before_on,
            strength=one.strength,
        )
        for one in fresh
    ]
