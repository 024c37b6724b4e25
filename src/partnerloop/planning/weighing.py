"""How much a partner's business weighs in choosing: its revenue, or that of its tier."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from statistics import median

from partnerloop.partners.business import revenue_by_partner
from partnerloop.partners.segmenting import Place
from partnerloop.programs.models import Program

# A giant is not asked for a hundred small ones; the engine takes the fifth root besides.
LEAST, MOST = 0.1, 10.0


def business_weights(
    program: Program, partners: Iterable[int], *, where: Mapping[int, Place], at: datetime
) -> dict[int, float]:
    """This will weigh partners by the revenue of twelve months; 1 is the usual one.

    Where revenue is unknown, the usual one of its tier counts; where that is unknown too, 1.
    """
    revenue = {
        partner: float(amount.major)
        for partner, amount in revenue_by_partner(program, on=at.date()).items()
        if amount is not None and amount.minor > 0
    }
    usual = median(revenue.values()) if revenue else 1.0
    by_tier: dict[str, list[float]] = defaultdict(list)
    for partner, amount in revenue.items():
        by_tier[where[partner].get("tier", "")].append(amount)
    tiers = {tier: median(amounts) for tier, amounts in by_tier.items() if tier}
    return {
        one: min(max(revenue.get(one, _of_tier(where[one], tiers, usual)) / usual, LEAST), MOST)
        for one in partners
    }


def _of_tier(place: Place, tiers: Mapping[str, float], usual: float) -> float:
    return tiers.get(place.get("tier", ""), usual)
