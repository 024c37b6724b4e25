"""Partners, or people, that may be one twice: found by their names, for a person to judge."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TypeVar

from partnerloop.core import words
from partnerloop.partners.merging import OF_PARTNER
from partnerloop.partners.models import Affiliation, Contact, Merge, Partner
from partnerloop.programs.models import Program

Row = TypeVar("Row", Partner, Contact)
MOST = 100
LEGAL_FORMS = frozenset(
    "ab ag as bv co company corp corporation gmbh inc incorporated kg kk limited llc llp ltd nv oy"
    " plc pty sa sarl sas se sl spa srl".split()
)
MOVES = {
    "affiliation": ("person", "people"),
    "assignment": ("manager", "managers"),
    "customer": ("end customer", "end customers"),
    "deal": ("deal", "deals"),
    "revenue": ("month of revenue", "months of revenue"),
    "cost": ("cost", "costs"),
    "target": ("target", "targets"),
    "signal": ("signal", "signals"),
    "external_id": ("id of another system", "ids of other systems"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one, and why it looks so."""

    one: Partner | Contact
    other: Partner | Contact
    why: str


def name_key(name: str) -> str:
    """Return what two spellings of a company's name have in common.

    >>> name_key("Alder & Finch, Ltd.") == name_key("ALDER and FINCH")
    True
    """
    parts = re.findall(r"\w+", name.casefold().replace("&", " and "))
    kept = [part for part in parts if part not in LEGAL_FORMS]
    return " ".join(kept or parts)


def alike_partners(program: Program, *, on: date, limit: int = MOST) -> list[Pair]:
    """This will pair active partners whose names differ in spelling or legal form only."""
    active = Partner.objects.of(program).active(on).order_by("name", "pk")
    found = _pairs(active.iterator(), lambda one: name_key(one.name), limit=limit)
    return [Pair(one, other, "Same name, but for its spelling") for one, other in found]


def alike_contacts(program: Program, *, on: date, limit: int = MOST) -> list[Pair]:
    """This will pair people of one name at one partner; two may well be called alike."""
    away = Merge.objects.of(program).filter(undone_at__isnull=True, merged_contact__isnull=False)
    places = Affiliation.objects.of(program).current(on).select_related("contact", "partner")
    places = places.exclude(contact__in=away.values("merged_contact"))
    grouped: dict[tuple[str, int], dict[int, Contact]] = defaultdict(dict)
    where = {}
    for place in places.order_by("contact__name", "contact_id").iterator():
        key = (name_key(place.contact.name), place.partner_id)
        grouped[key][place.contact_id] = place.contact
        where[place.partner_id] = place.partner.name
    found: list[Pair] = []
    for (_, partner), people in grouped.items():
        for one, other in combinations(people.values(), 2):
            found.append(Pair(one, other, f"Same name, both at {where[partner]}"))
            if len(found) >= limit:
                return found
    return found


def _pairs(rows: Iterable[Row], key: Callable[[Row], str], *, limit: int) -> list[tuple[Row, Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[key(row)].append(row)
    found: list[tuple[Row, Row]] = []
    for together in grouped.values():
        for pair in combinations(together, 2):
            found.append(pair)
            if len(found) >= limit:
                return found
    return found


def what_moves(partner: Partner) -> list[str]:
    """This will count what would move with a partner, by kind; what nobody has is left out."""
    held = [
        (OF_PARTNER[table]._base_manager.filter(partner=partner).count(), one, many)
        for table, (one, many) in MOVES.items()
    ]
    return [words.counted(count, one, many) for count, one, many in held if count]


def latest_merges(program: Program, *, limit: int = 20) -> list[Merge]:
    """This will return the merges that stand, the newest first."""
    related = ("kept_partner", "merged_partner", "kept_contact", "merged_contact", "by__user")
    rows = Merge.objects.of(program).filter(undone_at__isnull=True).select_related(*related)
    return list(rows.order_by("-at", "-pk")[:limit])
