"""The partners table and a partner's scorecard."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.partners.business import business_of
from partnerloop.partners.models import Partner
from partnerloop.release.comments import comments
from partnerloop.release.doubting import if_the_silent_differ
from partnerloop.release.figures import score_rows
from partnerloop.release.gate import Scope
from partnerloop.release.rates import response_rate
from partnerloop.scores.carrying import is_behind
from partnerloop.web import cards, exporting, saying
from partnerloop.web.access import for_members, partner_of
from partnerloop.web.metric_names import metric_names
from partnerloop.web.workspace import doing, guessing, listing, managing, portrait, sheets, wishing
from partnerloop.web.workspace.frame import page


@require_safe
@for_members
def table(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will list the partners that a member sees, filtered and sorted."""
    at = clock.now()
    names = metric_names(member.program)
    wish = wishing.wish(request.GET, measures=names.used)
    rows = score_rows(member.program, by=member, at=at)
    if to := exporting.wanted(request):
        found = listing.everything(member.program, rows, wish=wish, on=at.date())
        sheet = sheets.of_partners(found, metric=names.name(wish.measure))
        return exporting.exported(request, member, sheet, to=to, at=at)
    shown = listing.listed(member.program, rows, wish=wish, on=at.date())
    told = {"list": shown, "to_guess": guessing.to_guess(member, at=at)}
    return page(request, member, "workspace/partners.html", told, here="partners")


@require_safe
@for_members
def scorecard(request: HttpRequest, member: Membership, partner_id: int) -> HttpResponse:
    """This will show everything the gate gives out about one partner, with its money."""
    partner = partner_of(member, partner_id)
    shown = _scorecard(member, partner)
    if request.headers.get("HX-Target") == "scorecard":
        return page(request, member, "workspace/_partner_figures.html", shown, here="partners")
    return page(request, member, "workspace/partner.html", shown, here="partners")


def _scorecard(member: Membership, partner: Partner) -> dict[str, Any]:
    at = clock.now()
    program, scope = member.program, Scope.partner(partner)
    metrics = cards.scorecard(program, by=member, scope=scope, at=at)
    over = {metric.measure for metric in metrics if metric.is_veiled}
    peers = portrait.peers(program, partner, by=member, at=at)
    # what partners like it say would lead the guess
    peers = [peer for peer in peers if peer.measure not in over]
    said = comments(program, by=member, scope=scope, at=at, limit=12)
    return {
        **managing.choices(partner, by=member, at=at),
        "partner": partner,
        "portrait": portrait.portrait(partner, on=at.date()),
        "composite": metrics[0],
        "is_behind": is_behind(program),
        "peer": next((peer.figure for peer in peers if peer.measure == metrics[0].measure), None),
        "lines": cards.metric_lines(metrics[1:], peers=peers),
        "lowest": cards.lowest(metrics),
        "quotes": [saying.quote(comment) for comment in said],
        "named": portrait.named(partner, by=member, at=at),
        "business": business_of(partner, on=at.date()),
        "doings": doing.doings(partner, at=at),
        "silent": if_the_silent_differ(program, partner=partner, by=member, at=at),
        "response_rate": response_rate(program, by=member, scope=scope, at=at),
        "to_guess": guessing.to_guess(member, partner=partner, at=at),
        "sureness": guessing.SURENESS,
        "gaps": guessing.gaps(member, partner, at=at),
        "inbox_url": f"{reverse('inbox', args=[program.slug])}?partner={partner.pk}",
    }
