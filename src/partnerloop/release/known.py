"""What the gate weighs: partners' stored estimates, now or in a past week, and who spoke."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from partnerloop.accounts.models import Membership
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE, Metric
from partnerloop.release.gate import Scope
from partnerloop.scores.basis import PartnerBasis, Recent
from partnerloop.scores.models import PartnerScore, Snapshot

Viewer = Membership | Partner


class Known:
    """A partner's stored estimates with who spoke; remembers who spoke of late on what."""

    __slots__ = ("_recent", "basis", "company_id", "estimates", "partner_id", "since")

    def __init__(
        self,
        partner_id: int,
        company_id: int | None,
        estimates: dict[str, list[float]],
        basis: PartnerBasis,
        *,
        since: date,
    ) -> None:
        self.partner_id = partner_id
        self.company_id = company_id or partner_id
        self.estimates = estimates
        self.basis = basis
        self.since = since
        self._recent: dict[str, Recent] = {}

    def recent(self, measure: str) -> Recent:
        """Return who spoke of late on a measure; the composite rests on everything said."""
        if measure not in self._recent:
            self._recent[measure] = (
                self.basis.recent_on_anything(since=self.since)
                if measure == COMPOSITE
                else self.basis.recent(measure, since=self.since)
            )
        return self._recent[measure]


def known_now(program: Program, partners: Iterable[int], *, at: datetime) -> list[Known]:
    """Read what is known of partners at the moment."""
    groups, since = companies(program), oldest(program, at.date())
    rows = PartnerScore.objects.of(program).filter(partner__in=list(partners))
    return [
        Known(number, groups.get(number), figures, PartnerBasis.from_json(basis), since=since)
        for number, figures, basis in rows.values_list("partner_id", "estimates", "basis")
    ]


def known_in_weeks(
    program: Program, partners: Iterable[int], *, first: date, last: date
) -> dict[date, list[Known]]:
    """Read what was known of partners in each of some weeks."""
    groups = companies(program)
    rows = Snapshot.objects.of(program).filter(partner__in=list(partners))
    rows = rows.filter(week__gte=first, week__lte=last).order_by("week")
    found: dict[date, list[Known]] = {}
    for number, week, stored in rows.values_list("partner_id", "week", "estimates"):
        basis, since = PartnerBasis.from_json(stored["basis"]), oldest(program, week)
        one = Known(number, groups.get(number), stored["figures"], basis, since=since)
        found.setdefault(week, []).append(one)
    return found


def visible(program: Program, by: Viewer, scope: Scope, *, at: datetime) -> list[int] | None:
    """Return the partners of a scope, or None where a viewer may not see one of them.

    Figures of many companies are for every member: they tell of nobody. A partner sees itself only.
    """
    active = Partner.objects.of(program).active(at.date())
    if scope.partners is None:
        return list(active.values_list("pk", flat=True)) if isinstance(by, Membership) else None
    if isinstance(by, Partner):
        return [by.pk] if scope.partners == frozenset({by.pk}) else None
    chosen = Partner.objects.of(program).filter(pk__in=scope.partners)
    if scope.is_single:
        chosen = chosen.visible_to(by, at.date())
    found = list(chosen.values_list("pk", flat=True))
    return found if len(found) == len(scope.partners) else None


def companies(program: Program) -> dict[int, int | None]:
    """Return the group of each partner, for counting companies."""
    return dict(Partner.objects.of(program).values_list("pk", "parent_id"))


def measures_of(program: Program) -> list[str]:
    """Return the composite and the metrics of a program, in order."""
    return list(Metric.objects.of(program).values_list("key", flat=True))


def oldest(program: Program, on: date) -> date:
    """Return the first day whose answers still count as recent on a day."""
    return on - timedelta(days=program.figure_age_days)
