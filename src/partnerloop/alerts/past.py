"""Looking back: which alerts the past weeks would have opened and closed, from their snapshots."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from partnerloop.alerts.models import Alert
from partnerloop.alerts.watching import LOOK_BACK, Finding, findings
from partnerloop.core.clock import start_of, week_of
from partnerloop.programs.models import Program
from partnerloop.scores.models import PartnerScore, Snapshot

BATCH = 500
Key = tuple[int, str, str]  # partner, measure, kind


@transaction.atomic
def watch_past(program: Program, *, weeks: Sequence[date]) -> list[Alert]:
    """Open and close the alerts of past weeks in their order; what is still open stays open."""
    closed: list[Alert] = []
    standing: dict[Key, Alert] = {}
    for week in sorted(weeks):
        found = _findings_of(program, week)
        for key in [key for key in standing if key not in found]:
            alert = standing.pop(key)
            alert.closed_on = week
            closed.append(alert)
        for key, finding in found.items():
            if key not in standing:
                standing[key] = _opened(program, key[0], finding, week=week)
    return Alert.objects.bulk_create([*closed, *standing.values()], batch_size=BATCH)


def _findings_of(program: Program, week: date) -> dict[Key, Finding]:
    before = dict(_snapshots(program, week_of(week - LOOK_BACK)))
    found: dict[Key, Finding] = {}
    for partner, now in _snapshots(program, week):
        score = PartnerScore(partner_id=partner, estimates=now["figures"], basis=now["basis"])
        for one in findings(program, score, before.get(partner), at=start_of(week)):
            found[partner, one.measure, one.kind] = one
    return found


def _snapshots(program: Program, week: date) -> list[tuple[int, dict[str, Any]]]:
    rows = Snapshot.objects.of(program).filter(week=week, partner__isnull=False)
    return list(rows.order_by("partner").values_list("partner_id", "estimates"))


def _opened(program: Program, partner: int, finding: Finding, *, week: date) -> Alert:
    return Alert(
        program=program,
        partner_id=partner,
        measure=finding.measure,
        kind=finding.kind,
        opened_on=week,
        before_on=week_of(week - LOOK_BACK),
        strength=finding.strength,
    )
