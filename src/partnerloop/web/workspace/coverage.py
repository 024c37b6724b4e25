"""Response and coverage: whom the asking reaches, in which groups few answer, weights in use."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.integrations.email.clicks import opened
from partnerloop.planning.weights import weights_of
from partnerloop.release.coverage import coverage
from partnerloop.release.rates import WINDOW
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show each group with its asks, and its answering in words."""
    program, at = member.program, clock.now()
    domains = opened(program, since=(at - WINDOW).date())
    shown = {
        "coverage": coverage(program, at=at),
        "weights": weights_of(program, at=at),
        "visits": sum(one.visits + one.taps for one in domains if not one.has_scanner),
        "scanned": sum(one.visits + one.taps for one in domains if one.has_scanner),
    }
    return page(request, member, "workspace/coverage.html", shown, here="pulses")
