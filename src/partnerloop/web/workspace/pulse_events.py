"""Pulses after events: what is listened for, and the queue of asks that came of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.loop.asking import NoModeOffered
from partnerloop.loop.occasions import listen, stop_listening
from partnerloop.partners.models import event_label
from partnerloop.planning.models import WaitingAsk
from partnerloop.planning.reasons import HELD_UP
from partnerloop.pulses.models import Pulse
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.pulse_event_form import EventPulseForm
from partnerloop.web.workspace.pulse_form import items_of
from partnerloop.web.workspace.pulses import pulse_of

MOST = 50


@dataclass(frozen=True, slots=True)
class Listener:
    """One pulse that listens, in words, and how many asks came of it."""

    pulse: Pulse
    event: str
    questions: Sequence[str]
    waiting: int
    asked: int
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One ask of the queue and what became of it. Whether it was answered is not in it."""

    ask: WaitingAsk
    event: str
    state: str
    why: str


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show what is listened for and what waits, and begin to listen."""
    at = clock.now()
    form = EventPulseForm(
        request.POST or None, program=member.program, event=request.GET.get("event", "")
    )
    if request.method == "POST" and form.is_valid():
        try:
            listen(form.wanted, by=member, at=at)
        except NoModeOffered:
            form.add_error(None, "Your program offers no answers by name, and these are by name.")
        else:
            messages.success(request, "It listens. Events come in by the API.")
            return redirect("pulse-events", slug=member.program.slug)
    shown = {"form": form, "listeners": _listeners(member, at=at), "queue": _queue(member)}
    status = 400 if form.errors else 200
    return page(request, member, "workspace/pulse_events.html", shown, here="pulses", status=status)


@require_POST
@for_runners
def stop(request: HttpRequest, member: Membership, pulse_id: int) -> HttpResponse:
    """This will listen no longer; what waits already is still asked."""
    pulse = pulse_of(member, pulse_id)
    if pulse.way != Pulse.Way.EVENT:
        raise Http404
    stop_listening(pulse, by=member, at=clock.now())
    messages.success(request, "It listens no longer. What waits already is still asked.")
    return redirect("pulse-events", slug=member.program.slug)


def _listeners(member: Membership, *, at: datetime) -> list[Listener]:
    words = dict(items_of(member.program))
    rows = WaitingAsk.objects.of(member.program).values_list("pulse_id", "state")
    counts = Counter(rows.order_by())
    found = Pulse.objects.of(member.program).filter(way=Pulse.Way.EVENT)
    return [
        Listener(
            pulse=pulse,
            event=event_label(pulse.on_event),
            questions=[words.get(key, key) for key in pulse.questions],
            waiting=counts[pulse.pk, WaitingAsk.State.WAITING],
            asked=counts[pulse.pk, WaitingAsk.State.ASKED],
            is_stopped=pulse.closes_at is not None and pulse.closes_at <= at,
        )
        for pulse in found.order_by("closes_at", "pk")
    ]


def _queue(member: Membership) -> list[Line]:
    """Return what waits, the soonest first, then what was closed last."""
    rows = WaitingAsk.objects.of(member.program)
    rows = rows.select_related("pulse", "event", "contact", "partner", "invitation")
    waiting = rows.filter(state=WaitingAsk.State.WAITING).order_by("due_on", "pk")[:MOST]
    closed = rows.exclude(state=WaitingAsk.State.WAITING).order_by("-closed_on", "-pk")[:MOST]
    return [_line(ask) for ask in (*waiting, *closed)]


def _line(ask: WaitingAsk) -> Line:
    state = ask.get_state_display()
    if ask.invitation is not None and ask.invitation.pulse_id != ask.pulse_id:
        state = "Asked with another pulse"
    held = {key.value: words for key, words in HELD_UP.items()}
    return Line(ask, ask.event.label, state, str(held.get(ask.reason, "")))
