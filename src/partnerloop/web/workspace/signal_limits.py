"""Limits of signals: what is watched beside the scores, what follows, and where it is crossed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from partnerloop.accounts.models import Membership
from partnerloop.alerts.limiting import LimitedAlready, set_limit, stop_limit
from partnerloop.alerts.models import Crossing, SignalLimit
from partnerloop.core import clock
from partnerloop.loop.signalling import look_at_signals
from partnerloop.partners.models import Partner
from partnerloop.pulses.models import Pulse
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.signal_limit_form import SignalLimitForm, spelled


@dataclass(frozen=True, slots=True)
class Line:
    """One limit in words, where it is crossed now, and what follows."""

    limit: SignalLimit
    name: str
    rule: str
    across: int
    asks: Sequence[str]
    """The pulses that ask when it is crossed; without one a crossing asks nobody."""
    ask_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will list the limits that hold, and set one."""
    at, program = clock.now(), member.program
    form = SignalLimitForm(request.POST or None, program=program)
    if request.method == "POST" and form.is_valid():
        try:
            set_limit(form.wanted, by=member, at=at)
        except LimitedAlready:
            form.add_error(None, "Such a limit holds already. Stop it first to set another number.")
        else:
            look_at_signals(program, at)
            messages.success(request, "The limit holds. Signals are looked at as they come in.")
            return redirect("signal-limits", slug=program.slug)
    shown = {"form": form, "lines": _lines(member, at=at)}
    status = 400 if form.errors else 200
    return page(
        request, member, "workspace/signal_limits.html", shown, here="pulses", status=status
    )


@require_POST
@for_runners
def stop(request: HttpRequest, member: Membership, limit_id: int) -> HttpResponse:
    """This will watch no longer, and close the alerts that came of it."""
    limit = SignalLimit.objects.of(member.program).filter(pk=limit_id).first()
    if limit is None:
        raise Http404
    stop_limit(limit, by=member, at=clock.now())
    messages.success(request, "The limit holds no longer, and its alerts are closed.")
    return redirect("signal-limits", slug=member.program.slug)


def rule(limit: SignalLimit) -> str:
    """This will say what a limit is: "sum over 30 days below 1"."""
    span = f"{limit.days} day{'' if limit.days == 1 else 's'}"
    what = limit.get_count_display().lower()
    return f"{what} over {span} {limit.side} {plain(limit.number)}"


def plain(value: Decimal) -> str:
    """This will write a number without the noughts that it is stored with."""
    return f"{value.normalize():,f}"


def _lines(member: Membership, *, at: datetime) -> list[Line]:
    program = member.program
    active = Partner.objects.of(program).active(at.date())
    rows = Crossing.objects.of(program).filter(back_on__isnull=True, partner__in=active)
    across = Counter(rows.values_list("limit_id", flat=True))
    listening = Pulse.objects.of(program).listening(at).order_by("pk")
    pulses = list(listening.values_list("on_event", "name"))
    asking = reverse("pulse-events", args=[program.slug])
    return [
        Line(
            limit=limit,
            name=spelled(limit.kind),
            rule=rule(limit),
            across=across[limit.pk],
            asks=[name for event, name in pulses if event == limit.event],
            ask_url=f"{asking}?event={limit.event}#new-title",
        )
        for limit in SignalLimit.objects.of(program).current().order_by("kind", "pk")
    ]
