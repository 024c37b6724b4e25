"""Partners with their released figures, as the member who made the key sees them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest
from ninja import Router

from partnerloop.accounts.models import Membership
from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.paging import Limit, sheet
from partnerloop.api.problems import Problem
from partnerloop.api.v1.shapes import (
    ExternalIdShape,
    PartnerShape,
    PartnersShape,
    cell_shapes,
)
from partnerloop.core import clock
from partnerloop.integrations.models import KeyScope
from partnerloop.partners.models import ExternalId, Partner, SegmentAttribute
from partnerloop.release.figures import score_rows

router = Router(tags=["partners"])


@router.get("/partners", response=PartnersShape, auth=Bearer(KeyScope.PARTNERS))
def list_partners(request: HttpRequest, cursor: str = "", limit: Limit = 50) -> PartnersShape:
    """Return active partners, by id."""
    program, member = caller_of(request)
    at = clock.now()
    seen = Partner.objects.of(program).active(at.date()).visible_to(member, at.date())
    found = sheet(seen, of=f"partners.{program.pk}", cursor=cursor, limit=limit)
    return PartnersShape(
        partners=_shapes(found.rows, by=member, at=at), next_cursor=found.next_cursor
    )


@router.get("/partners/{int:partner_id}", response=PartnerShape, auth=Bearer(KeyScope.PARTNERS))
def show_partner(request: HttpRequest, partner_id: int) -> PartnerShape:
    """Return one partner."""
    program, member = caller_of(request)
    at = clock.now()
    seen = Partner.objects.of(program).active(at.date()).visible_to(member, at.date())
    found = _shapes(list(seen.filter(pk=partner_id)), by=member, at=at)
    if not found:
        raise Problem(404, "There is no such partner.")
    return found[0]


def _shapes(partners: Sequence[Partner], *, by: Membership, at: datetime) -> list[PartnerShape]:
    numbers = [partner.pk for partner in partners]
    rows = score_rows(by.program, by=by, at=at, among=numbers)
    cells = {row.partner.pk: cell_shapes(row.cells) for row in rows}
    segments = _segments(numbers, by=by, at=at)
    outside = _external_ids(numbers, by=by)
    return [
        PartnerShape(
            id=partner.pk,
            name=partner.name,
            parent_id=partner.parent_id,
            joined_on=partner.joined_on,
            segments=segments[partner.pk],
            external_ids=outside[partner.pk],
            scores=cells[partner.pk],
        )
        for partner in partners
    ]


def _segments(
    numbers: list[int], *, by: Membership, at: datetime
) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(dict)
    rows = SegmentAttribute.objects.of(by.program_id).current(at.date())
    rows = rows.filter(partner__in=numbers).order_by("key", "value")
    for partner, key, value in rows.values_list("partner_id", "key", "value"):
        found[partner].setdefault(key, []).append(value)
    return found


def _external_ids(numbers: list[int], *, by: Membership) -> dict[int, list[ExternalIdShape]]:
    found: dict[int, list[ExternalIdShape]] = defaultdict(list)
    rows = ExternalId.objects.of(by.program_id).filter(kind="partner", partner__in=numbers)
    for row in rows.order_by("source", "value"):
        if row.partner_id is not None:
            found[row.partner_id].append(ExternalIdShape(source=row.source, id=row.value))
    return found
