"""What a reader asked the partners table for, read from its address and written back into links."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from partnerloop.pulses.bank import COMPOSITE

SORTS = ("score", "name", "revenue")
FILTERS = {"region": "Region", "tier": "Tier", "type": "Type"}


@dataclass(frozen=True, slots=True)
class Wish:
    """Filters, order and page; anything the address does not say has its default."""

    q: str = ""
    region: str = ""
    tier: str = ""
    type: str = ""
    manager: str = ""
    measure: str = COMPOSITE
    sort: str = "score"
    turned: str = ""  # "1": the other way round than usual
    page: int = 1

    @property
    def is_descending(self) -> bool:
        """Return whether high comes first: usual for figures, unusual for names."""
        return (self.sort != "name") != bool(self.turned)

    @property
    def is_filtered(self) -> bool:
        """Return whether fewer than all partners are asked for."""
        return any((self.q, self.region, self.tier, self.type, self.manager))

    def of(self, key: str) -> str:
        """Return the chosen value of a filter."""
        return {"region": self.region, "tier": self.tier, "type": self.type}.get(key, "")

    def sorted_by(self, sort: str) -> str:
        """Return the address sorted by a column; a second press turns it round."""
        turned = "" if self.sort != sort or self.turned else "1"
        return replace(self, sort=sort, turned=turned, page=1).address

    def at_page(self, page: int) -> str:
        """Return the address of another page of the same list."""
        return replace(self, page=page).address

    @property
    def address(self) -> str:
        """Return the query that leads here again; defaults are left out."""
        told = {
            "q": self.q,
            "region": self.region,
            "tier": self.tier,
            "type": self.type,
            "manager": self.manager,
            "measure": self.measure if self.measure != COMPOSITE else "",
            "sort": self.sort if self.sort != "score" else "",
            "turned": self.turned,
            "page": str(self.page) if self.page > 1 else "",
        }
        return "?" + urlencode({key: value for key, value in told.items() if value})


def wish(query: Mapping[str, str], *, measures: Collection[str]) -> Wish:
    """This will read an address; what it cannot read is left at its default."""
    asked = {key: query.get(key, "").strip()[:100] for key in ("q", *FILTERS, "manager")}
    measure, sort = query.get("measure", ""), query.get("sort")
    page = query.get("page", "")
    return Wish(
        **asked,
        measure=measure if measure in measures else COMPOSITE,
        sort=sort if sort in SORTS else "score",
        turned="1" if query.get("turned") else "",
        page=max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1,
    )
