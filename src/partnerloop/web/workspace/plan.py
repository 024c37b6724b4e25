"""The plan: what the coming four weeks ask, of whom, and what it should bring. No scores."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.loop.recurring import coming_rounds, later_rounds
from partnerloop.planning.outlook import outlook
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will look four weeks ahead."""
    at = clock.now()
    found = outlook(member.program, coming_rounds(member.program, at=at), at=at)
    groups = {"Role": found.by_role, "Region": found.by_region}
    later = later_rounds(member.program, at=at)
    shown = {"plan": found, "groups": groups, "later": later}
    return page(request, member, "workspace/plan.html", shown, here="plan")
