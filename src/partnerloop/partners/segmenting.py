"""Which partners a filter means, and what a partner was on a day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from partnerloop.partners.models import Partner, SegmentAttribute, SegmentKey
from partnerloop.partners.models.partner import PartnerQuerySet
from partnerloop.programs.models import Program

Filter = dict[str, list[str]]


class UnknownSegmentKey(ValueError):
    """A filter names an attribute that partners do not have."""


class Place(TypedDict, total=False):
    """The single-valued attributes of a partner on a day, as an answer keeps them."""

    type: str
    tier: str
    region: str
    country: str
    size: str
    stage: str


def matching(program: Program, chosen: Filter, *, on: date) -> PartnerQuerySet:
    """Return the active partners that a filter means on a day."""
    found = Partner.objects.of(program).active(on)
    for key, values in chosen.items():
        if key not in SegmentKey.values:
            raise UnknownSegmentKey(f"partners have no {key!r}")
        if values:
            having = SegmentAttribute.objects.of(program).current(on)
            found = found.filter(pk__in=having.filter(key=key, value__in=values).values("partner"))
    return found


def places(
    program: Program | int, *, on: date, partners: Iterable[int] | None = None
) -> dict[int, Place]:
    """Return what every partner, or each of some, is on a day, by partner id, in one query."""
    found: dict[int, Place] = defaultdict(Place)
    rows = SegmentAttribute.objects.of(program).current(on).exclude(key=SegmentKey.TAG)
    if partners is not None:
        rows = rows.filter(partner__in=list(partners))
    for partner, key, value in rows.values_list("partner_id", "key", "value"):
        found[partner][key] = value  # type: ignore[literal-required]
    return found


def leaf(place: Place) -> tuple[str, str, str]:
    """Return the finest segment that estimates borrow from: type, tier, region."""
    return (place.get("type", ""), place.get("tier", ""), place.get("region", ""))


def choices(program: Program, *, on: date) -> dict[str, list[str]]:
    """Return which values each attribute has on a day, for filters."""
    rows = SegmentAttribute.objects.of(program).current(on).order_by("key", "value")
    found: dict[str, list[str]] = {}
    for key, value in rows.values_list("key", "value").distinct():
        found.setdefault(key, []).append(value)
    return found
