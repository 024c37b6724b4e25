"""How much a program will see of its partners, before modes are chosen and any time after."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.release.visibility import CHOICES, IF_NAMED, visibility
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show what is seen now and what to expect, by number of contacts."""
    told = visibility(member.program, at=clock.now())
    shown = {
        "seen": told,
        "rows": [*told.rows, told.total],
        "every_days": round(told.habits.every_days),
        "answering": round(100 * told.habits.answering),
        "choices": {mode.value: round(100 * share) for mode, share in CHOICES.items()},
        "if_named": round(100 * IF_NAMED),
    }
    return page(request, member, "workspace/visibility.html", shown, here="settings")
