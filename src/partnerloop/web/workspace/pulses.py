"""Pulses: what was asked, what is drafted, and the preview of who would be asked what."""

from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.loop.asking import preview
from partnerloop.loop.recurring import next_day
from partnerloop.partners.models import SegmentKey
from partnerloop.programs.models import Mode
from partnerloop.pulses.drafting import draft
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.web import exporting
from partnerloop.web.access import for_runners
from partnerloop.web.workspace import sheets
from partnerloop.web.workspace.answerable import held_lines
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.pulse_form import PulseForm


@require_safe
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will list drafts and what was sent."""
    asks = Invitation.objects.of(member.program).values_list("pulse_id")
    asked = dict(asks.annotate(people=Count("contact", distinct=True)))
    mailed = Pulse.objects.of(member.program).filter(way=Pulse.Way.MAIL)
    found = mailed.order_by("-created_at", "-pk")
    lines = [
        sheets.PulseLine(pulse, audience_words(pulse), asked.get(pulse.pk, 0)) for pulse in found
    ]
    at = clock.now()
    if to := exporting.wanted(request):
        return exporting.exported(request, member, sheets.of_pulses(lines, at=at), to=to, at=at)
    shown = {
        "drafts": [line for line in lines if line.pulse.launched_at is None],
        "sent": [line for line in lines if line.pulse.launched_at is not None],
        "now": at,
    }
    return page(request, member, "workspace/pulses.html", shown, here="pulses")


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def new(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will draft a pulse; its preview comes next."""
    at = clock.now()
    form = PulseForm(request.POST or None, program=member.program, on=at.date())
    if request.method == "POST" and form.is_valid():
        drafted = draft(form.draft, by=member, at=at)
        return redirect("pulse", slug=member.program.slug, pulse_id=drafted.pk)
    status = 400 if form.errors else 200
    shown = {"form": form}
    return page(request, member, "workspace/pulse_new.html", shown, here="pulses", status=status)


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership, pulse_id: int) -> HttpResponse:
    """This will preview a draft, or say what became of a pulse that was sent."""
    pulse = pulse_of(member, pulse_id)
    shown = {"pulse": pulse, "audience": audience_words(pulse), "modes": _modes(pulse)}
    if pulse.launched_at is not None:
        asked = pulse.invitations.aggregate(
            people=Count("contact", distinct=True), partners=Count("partner", distinct=True)
        )
        shown["again_on"] = next_day(pulse) if pulse.every_days else None
        return page(request, member, "workspace/pulse_sent.html", {**shown, **asked}, here="pulses")
    at = clock.now()
    shown |= {"preview": preview(pulse, at=at), "held": held_lines(member, at=at)}
    return page(request, member, "workspace/pulse_draft.html", shown, here="pulses")


def pulse_of(member: Membership, pulse_id: int) -> Pulse:
    """This will return a pulse of the member's program; 404 for all others."""
    found = Pulse.objects.of(member.program).select_related("program").filter(pk=pulse_id).first()
    if found is None:
        raise Http404
    return found


def audience_words(pulse: Pulse) -> str:
    """This will say whom a pulse is for: "Tier Gold or Silver; Region EMEA"."""
    return in_words(pulse.audience)


def in_words(audience: Mapping[str, Sequence[str]]) -> str:
    """This will say whom a filter keeps."""
    if not audience:
        return "All partners"
    return "; ".join(
        f"{SegmentKey(key).label} {_either(values)}" for key, values in audience.items()
    )


def _either(values: Sequence[str]) -> str:
    return " or ".join([", ".join(values[:-1]), values[-1]] if len(values) > 1 else values)


def _modes(pulse: Pulse) -> str:
    return " or ".join(Mode(mode).label.lower() for mode in pulse.modes)
