"""Noticing: which partners changed beyond chance, at a stated rate of false alarms.

The engine reads each partner's evidence, the same that its score is made of (ledger and named
answers), as it would have been read day by day; so an alert tells nothing that the figures do not.
The rate is set so that a program in which nothing changes is left in peace in 95 weeks of 100.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from partnerloop.alerts.models import Alert
from partnerloop.core.clock import day_of, week_of
from partnerloop.engine.interface import Observation
from partnerloop.engine.signs import Heard, read_signs
from partnerloop.engine.watching import Alarm, Detector, rate_for_manager, watch_today
from partnerloop.evidence.reading import evidence_of
from partnerloop.partners.models import Partner
from partnerloop.partners.segmenting import places
from partnerloop.programs.models import Program
from partnerloop.pulses.measuring import is_own
from partnerloop.pulses.models import COMPOSITE
from partnerloop.scores.basis import PartnerBasis
from partnerloop.scores.modelling import Fitted, current, moment, observations
from partnerloop.scores.models import PartnerScore, Snapshot

ALARMS_A_YEAR = 2.6  # of a whole program in which nothing breaks: one week in twenty
LOWEST_RATE, HIGHEST_RATE = 0.001, 0.5  # between these the engine's thresholds are calibrated
READ_BACK = 400.0  # days of answers that bear on a change
KEPT = timedelta(days=120)
PEACE = timedelta(days=60)
GROWTH_MEASURE = "commitment"
GROWTH_LOW = 7.5
KINDS = {
    Detector.DROP: Alert.Kind.DROP,
    Detector.RECOVERED: Alert.Kind.RISE,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One change of a partner: of what, which way, noticed when, begun when, how clear."""

    measure: str
    kind: Alert.Kind
    opened_on: date
    before_on: date
    strength: float


@transaction.atomic
def watch(program: Program, *, at: datetime, partners: Iterable[int] | None = None) -> list[Alert]:
    """Open alerts for what changed, close those that no longer hold; return the new ones.

    Safe to repeat: a change that was noticed is not noticed again within 60 days.
    """
    active = Partner.objects.of(program).active(at.date())
    everybody = list(active.values_list("pk", flat=True))
    chosen = everybody if partners is None else [pk for pk in everybody if pk in set(partners)]
    fitted, rate = current(program), alarm_rate(len(everybody))
    evidence = evidence_of(program, until=at, partners=chosen)
    where = places(program, on=at.date())
    scores = {s.partner_id: s for s in PartnerScore.objects.of(program).filter(partner__in=chosen)}
    opened: list[Alert] = []
    for pk in chosen:
        found = observations(evidence[pk], layout=fitted.model.layout)
        alarms = alarms_of(found, fitted, fitted.segment(where[pk]), rate=rate, at=at)
        told = [_finding(program, pk, alarm, scores.get(pk)) for alarm in alarms]
        opened += _settle(program, pk, [*told, *_growth(program, scores.get(pk), at=at)], at=at)
    return opened


def alarm_rate(partners: int) -> float:
    """Return how many alarms a steady partner may cause a year, for a program of this size."""
    rate = rate_for_manager(ALARMS_A_YEAR, months=12, partners=max(1, partners))
    return min(HIGHEST_RATE, max(LOWEST_RATE, rate))


def alarms_of(
    found: list[Observation], fitted: Fitted, segment: int, *, rate: float, at: datetime
) -> list[Alarm]:
    """Return a partner's alarms of the last 120 days, each as of its own day."""
    now = moment(at)
    recent = [one for one in found if one.day >= now - READ_BACK]
    if not recent:
        return []
    model = fitted.model
    signs = read_signs(Heard.of(recent), segment=segment, layout=model.layout, hyper=model.hyper)
    alarms = watch_today(signs, rate=rate)
    return [alarm for alarm in alarms if alarm.day >= now - KEPT / timedelta(days=1)]


def _finding(
    program: Program, partner_id: int, alarm: Alarm, score: PartnerScore | None
) -> Finding:
    """Return an alarm with the measure that shows it best and the last week before it."""
    before_on = week_of(day_of(alarm.since)) - timedelta(weeks=1)
    kind = KINDS[alarm.detector]
    return Finding(
        measure=_clearest(program, partner_id, kind, score, before_on=before_on),
        kind=kind,
        opened_on=day_of(alarm.day),
        before_on=before_on,
        strength=alarm.probability,
    )


def _clearest(
    program: Program,
    partner_id: int,
    kind: Alert.Kind,
    score: PartnerScore | None,
    *,
    before_on: date,
) -> str:
    """Return the measure that moved furthest for its range: the composite, or what stands out."""
    earlier = Snapshot.objects.of(program).filter(partner=partner_id, week__lte=before_on)
    then = earlier.order_by("-week").values_list("estimates", flat=True).first()
    if score is None or then is None:
        return COMPOSITE
    sign = -1 if kind == Alert.Kind.DROP else 1
    # an own metric is shown where somebody has rated it, and nowhere else
    spoken = PartnerBasis.from_json(score.basis).measures
    moves = {
        measure: sign * (numbers[0] - then["figures"][measure][0]) / numbers[1]
        for measure, numbers in score.estimates.items()
        if measure in then["figures"] and (not is_own(measure) or measure in spoken)
    }
    best = max(moves, key=lambda measure: moves[measure], default=COMPOSITE)
    return best if moves.get(best, 0) > 1.25 * moves.get(COMPOSITE, 0) else COMPOSITE


def _growth(program: Program, score: PartnerScore | None, *, at: datetime) -> list[Finding]:
    """Return a place open to growth: its people say that their success depends on the vendor."""
    if score is None or GROWTH_MEASURE not in score.estimates:
        return []
    since = at.date() - timedelta(days=program.figure_age_days)
    basis = PartnerBasis.from_json(score.basis)
    mean, sd, low, _ = score.estimates[GROWTH_MEASURE]
    if low < GROWTH_LOW or basis.recent(GROWTH_MEASURE, since=since).is_empty:
        return []
    today = at.date()
    strength = (mean - GROWTH_LOW) / sd
    return [Finding(GROWTH_MEASURE, Alert.Kind.GROWTH, today, week_of(today), strength)]


def _settle(
    program: Program, partner_id: int, found: list[Finding], *, at: datetime
) -> list[Alert]:
    """Keep what is known, open what is new, close what ended: after 60 days, or by its opposite."""
    changes = Alert.objects.of(program).exclude(kind=Alert.Kind.SIGNAL)
    known = list(changes.filter(partner=partner_id).order_by("opened_on"))
    opened = []
    for one in sorted(found, key=lambda finding: finding.opened_on):
        same = [alert for alert in known if alert.kind == one.kind]
        if any(_is_the_same(alert, one) for alert in same):
            continue
        for alert in [a for a in known if a.closed_on is None and _ends(one, a)]:
            _close(alert, on=one.opened_on)
        alert = Alert.objects.create(
            program=program,
            partner_id=partner_id,
            measure=one.measure,
            kind=one.kind,
            opened_on=one.opened_on,
            before_on=one.before_on,
            strength=one.strength,
        )
        known.append(alert)
        opened.append(alert)
    growing = any(one.kind == Alert.Kind.GROWTH for one in found)
    for alert in known:
        is_growth = alert.kind == Alert.Kind.GROWTH
        is_over = not growing if is_growth else alert.opened_on <= at.date() - PEACE
        if alert.closed_on is None and is_over:
            _close(alert, on=at.date())
    return opened


def _is_the_same(alert: Alert, one: Finding) -> bool:
    if one.kind == Alert.Kind.GROWTH:
        return alert.closed_on is None
    return abs(alert.opened_on - one.opened_on) < PEACE


def _ends(one: Finding, alert: Alert) -> bool:
    """Return whether a fresh finding ends an alert: a newer one of its kind, or the other way."""
    return Alert.Kind.GROWTH not in (one.kind, alert.kind)


def _close(alert: Alert, *, on: date) -> None:
    alert.closed_on = on
    alert.save(update_fields=["closed_on"])
