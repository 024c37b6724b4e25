"""Topics that are held back because they are not answered; asking about them all the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.planning.answerable import Held, ask_all_the_same, held_back
from partnerloop.pulses.models import Metric
from partnerloop.web.access import for_runners

NO_REASON = "Write why it is asked all the same; that stays with it."


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A held topic under the name the program gives it."""

    held: Held
    name: str


def held_lines(member: Membership, *, at: datetime) -> Sequence[HeldLine]:
    """This will list the topics that are held back."""
    names = dict(Metric.objects.of(member.program).values_list("key", "name"))
    return [
        HeldLine(one, names.get(one.topic) or one.topic.replace("_", " ").capitalize())
        for one in held_back(member.program, at=at)
    ]


@require_POST
@for_runners
def ask(request: HttpRequest, member: Membership, step: str) -> HttpResponse:
    """This will ask about a held topic all the same, with a reason that is kept."""
    at = clock.now()
    if step not in {one.topic for one in held_back(member.program, at=at)}:
        raise Http404
    reason = request.POST.get("reason", "").strip()
    if reason:
        ask_all_the_same(member.program, step, reason=reason, by=member, at=at)
        messages.success(request, "It is asked about for a quarter.")
    else:
        messages.error(request, NO_REASON)
    pulse = request.POST.get("pulse", "")
    if pulse.isdecimal() and len(pulse) < 12:
        return redirect("pulse", slug=member.program.slug, pulse_id=int(pulse))
    return redirect("pulses", slug=member.program.slug)
