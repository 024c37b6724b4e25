"""Named answers through the gate: who said what, for those who look after the partner.

That is what a named answer promises: the vendor's people for my company see who said it. Colleagues
at the partner see the figures it moves, not these rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from partnerloop.accounts.models import Membership
from partnerloop.evidence.models import NamedAnswer
from partnerloop.partners.models import ContactRole, Partner
from partnerloop.pulses.models import COMPOSITE
from partnerloop.release.veiling import veiled

SOMEBODY = "Somebody whose name was erased"


@dataclass(frozen=True, slots=True)
class Rating:
    """A value for one measure, higher is better."""

    measure: str
    value: int


@dataclass(frozen=True, slots=True)
class NamedRatings:
    """What one person gave on one day."""

    name: str
    role: str
    day: date
    ratings: Sequence[Rating]


def named_answers(
    partner: Partner, *, by: Membership, at: datetime, limit: int = 20
) -> list[NamedRatings]:
    """Return the newest named answers of a partner, by person and day, as far as figures reach."""
    seen = Partner.objects.of(by.program_id).visible_to(by, at.date()).filter(pk=partner.pk)
    if not seen.exists():
        return []
    since = at - timedelta(days=by.program.figure_age_days)
    rows = NamedAnswer.objects.of(by.program_id).filter(partner=partner, at__gt=since, at__lte=at)
    # the overall rating is not what the composite is made of: it may stand
    rows = rows.exclude(measure__in=veiled(by).get(partner.pk, frozenset()) - {COMPOSITE})
    given: dict[tuple[str, str, date], list[Rating]] = {}
    newest = rows.order_by("-at", "rater", "measure").values_list(
        "contact__name", "role", "at", "measure", "value"
    )
    oldest = at.date()
    for name, role, moment, measure, value in newest.iterator(chunk_size=100):
        key = (name or SOMEBODY, str(ContactRole(role).label), moment.date())
        if key not in given and len(given) == limit:
            if moment.date() < oldest:
                break
            continue
        given.setdefault(key, []).append(Rating(measure, value))
        oldest = moment.date()
    return [NamedRatings(*key, tuple(ratings)) for key, ratings in given.items()]
