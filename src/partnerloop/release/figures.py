"""Figures through the gate: what a partner's, a segment's or the program's metrics are now.

A partner's own figure needs named answers or an atom of its own from the last 182 days; where a
metric has none but others have, it is inferred; where nobody ever spoke it is borrowed from
partners like it. A figure of several companies needs people and companies enough, none above half.
"""

from collections.abc import Iterable
from datetime import datetime

from partnerloop.accounts.models import Membership
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.release.cells import partner_cells, pooled_cells, too_few
from partnerloop.release.gate import Cell, Hidden, Reason, Scope, ScoreRow
from partnerloop.release.known import Viewer, companies, known_now, measures_of, visible
from partnerloop.release.veiling import behind, veiled


def figures(program: Program, *, by: Viewer, scope: Scope, at: datetime) -> dict[str, Cell]:
    """Return the cells of a scope by measure, one for each metric in use; a hidden one says why."""
    measures = measures_of(program)
    chosen = visible(program, by, scope, at=at)
    if chosen is None:
        return {measure: Hidden(measure, Reason.NOT_YOURS) for measure in measures}
    known = known_now(program, chosen, at=at)
    if scope.is_single:
        cells = partner_cells(known[0], measures) if known else _nothing(measures)
        return behind(cells, partner=chosen[0], veils=veiled(by))
    return pooled_cells(program, known, measures, companies=companies(program))


def score_rows(
    program: Program, *, by: Viewer, at: datetime, among: Iterable[int] | None = None
) -> list[ScoreRow]:
    """Return the cells of every partner that a viewer may see (of some only), by name."""
    measures = measures_of(program)
    partners = Partner.objects.of(program).active(at.date()).order_by("name")
    if isinstance(by, Membership):
        partners = partners.visible_to(by, at.date())
    else:
        partners = partners.filter(pk=by.pk)
    if among is not None:
        partners = partners.filter(pk__in=list(among))
    by_id = {partner.pk: partner for partner in partners}
    known = {one.partner_id: one for one in known_now(program, by_id, at=at)}
    veils = veiled(by)
    rows = []
    for number, partner in by_id.items():
        one = known.get(number)
        cells = _nothing(measures) if one is None else partner_cells(one, measures)
        rows.append(ScoreRow(partner, behind(cells, partner=number, veils=veils)))
    return rows


def _nothing(measures: Iterable[str]) -> dict[str, Cell]:
    return {measure: Hidden(measure, too_few(measure)) for measure in measures}
