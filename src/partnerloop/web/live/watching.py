"""What a live page needs: a ticket for the stream, and a state to compare where no stream opens.

Only topics and counters are told here; figures are fetched by the page, through the gate.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock, live
from partnerloop.web.access import for_members

TOPICS = ("inbox", "scorecard", "today")


@require_safe
@for_members
def ticket(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will give out a signed ticket for ten minutes of the program's event stream."""
    seen = live.Ticket(member.program_id, TOPICS, f"user:{member.user_id}")
    told = {
        "stream": f"{settings.PARTNERLOOP_LIVE_URL}/live",
        "ticket": live.signed(seen, at=clock.now()),
        "topics": TOPICS,
        "state": _state(member),
    }
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


@require_safe
@for_members
def state(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will say how far the topics have come; unchanged costs one query and no body."""
    now = _state(member)
    headers = {"ETag": f'"{now}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(now, content_type="text/plain", headers=headers)


def _state(member: Membership) -> str:
    return live.state(TOPICS, live.counters([member.program_id])[member.program_id])
