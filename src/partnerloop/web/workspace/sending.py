"""Sending a pulse: a test to oneself, then to everybody its preview names."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from partnerloop.accounts.models import Membership
from partnerloop.core import clock, words
from partnerloop.integrations.email.servers import really_sends
from partnerloop.loop import asking
from partnerloop.programs.tuning import finish_setup
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.pulses import pulse_of

NOBODY = "Nobody in this audience can be asked now; below you see why."
CHANGED = (
    "Nothing was sent: since you looked, something changed by which other people would be asked. "
    "Below is the new preview."
)


@require_POST
@for_runners
def test(request: HttpRequest, member: Membership, pulse_id: int) -> HttpResponse:
    """This will send the reader the mail that the pulse would send."""
    pulse = pulse_of(member, pulse_id)
    try:
        asking.send_test(pulse, to=member.user.email, by=member, at=clock.now())
    except asking.NobodyToAsk:
        messages.error(request, NOBODY)
    else:
        where = member.user.email if really_sends(member.program) else "the outbox page"
        messages.success(request, f"The test went to {where}.")
    return redirect("pulse", slug=member.program.slug, pulse_id=pulse.pk)


@require_POST
@for_runners
def send(request: HttpRequest, member: Membership, pulse_id: int) -> HttpResponse:
    """This will ask everybody; pressed twice, it asks once."""
    pulse = pulse_of(member, pulse_id)
    at = clock.now()
    try:
        launched = asking.launch(pulse, by=member, at=at, previewed=request.POST.get("people", ""))
    except asking.PulseAlreadyLaunched:
        messages.info(request, "This pulse has been sent already.")
    except asking.NobodyToAsk:
        messages.error(request, NOBODY)
    except asking.PlanChanged:
        messages.info(request, CHANGED)
    except asking.NoModeOffered:
        messages.error(request, "The program offers none of this pulse's modes any more.")
    except asking.ClosesTooSoon:
        messages.error(request, "The pulse would close before anybody could answer.")
    else:
        finish_setup(member.program, actor=f"user:{member.user_id}", at=at)
        people = words.counted(launched.people, "person", "people")
        partners = words.counted(launched.partners, "partner", "partners")
        messages.success(request, f"Sent to {people} at {partners}.")
    return redirect("pulse", slug=member.program.slug, pulse_id=pulse.pk)
