"""Response and coverage: whom the asking reaches, and in which groups few answer."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.release.coverage import coverage
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show each group with its asks, and its answering in words."""
    shown = {"coverage": coverage(member.program, at=clock.now())}
    return page(request, member, "workspace/coverage.html", shown, here="pulses")
