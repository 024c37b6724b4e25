"""Writing down a check-in with people of one partner, or an advisory or focus group."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partnerloop.accounts.models import Membership, Role
from partnerloop.core import clock
from partnerloop.loop.asking import NoModeOffered
from partnerloop.loop.recording import (
    MOST_PRESENT,
    NobodyPresent,
    Questions,
    WrittenDownLately,
    questions_for,
    record,
)
from partnerloop.partners.models import Affiliation, Partner
from partnerloop.pulses.models import Pulse
from partnerloop.release.groups import group_beside_all
from partnerloop.web.access import for_roles, partner_of
from partnerloop.web.cards import shown
from partnerloop.web.metric_names import metric_names
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.talk_form import (
    CannotBeRead,
    blocks,
    by_addresses,
    places_seen,
    sealed,
    statements,
    unsealed,
)

for_talkers = for_roles(Role.OWNER, Role.CHIEF, Role.MANAGER)
OLD = "The form is older than a day, or somebody in it left. Choose who was there again."
REFUSALS: dict[type[Exception], str] = {
    NobodyPresent: "Write down what at least one person said.",
    WrittenDownLately: (
        "Somebody here was written down less than a week ago; the same opinion would count twice."
    ),
    NoModeOffered: "Your program offers no answers by name, and a talk is by name.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_talkers
def check_in(request: HttpRequest, member: Membership, partner_id: int) -> HttpResponse:
    """This will write down a check-in: who was there, then what each of them said."""
    partner, at = partner_of(member, partner_id), clock.now()
    here = places_seen(member, at=at).filter(partner=partner)
    if request.POST.get("step") == "record":
        return _record(request, member, here, way=Pulse.Way.CHECK_IN, partner=partner)
    chosen = [pk for pk in request.POST.getlist("people") if pk.isdecimal() and len(pk) < 12]
    present = list(here.filter(contact__in=chosen)[:MOST_PRESENT])
    if present:
        name = f"Check-in with {partner.name}"[:120]
        return _ask(request, member, name, present, way=Pulse.Way.CHECK_IN, partner=partner)
    error = "Choose who was there." if request.method == "POST" else ""
    told = {"partner": partner, "places": here, "error": error}
    return _page(request, member, "workspace/check_in.html", told, partner=partner)


@require_http_methods(["GET", "HEAD", "POST"])
@for_talkers
def sessions(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will list talks, and write down an advisory or focus group."""
    at = clock.now()
    places = places_seen(member, at=at)
    if request.POST.get("step") == "record":
        return _record(request, member, places, way=Pulse.Way.SESSION, partner=None)
    name, addresses = request.POST.get("name", "").strip(), request.POST.get("people", "")
    error = ""
    if request.method == "POST":
        present, unknown = by_addresses(addresses, places)
        error = _wrong(name, present, unknown)
        if not error:
            return _ask(request, member, name, present, way=Pulse.Way.SESSION, partner=None)
    told = {"talks": _talks(member), "name": name, "addresses": addresses, "error": error}
    return _page(request, member, "workspace/sessions.html", told, partner=None)


@require_safe
@for_talkers
def session(request: HttpRequest, member: Membership, pulse_id: int) -> HttpResponse:
    """This will show who was there, and where the group differs from all partners."""
    at = clock.now()
    pulse = _talks(member).filter(pk=pulse_id).first()
    if pulse is None:
        raise Http404
    seen = Partner.objects.of(member.program_id).visible_to(member, at.date())
    people = pulse.invitations.filter(partner__in=seen).select_related("contact", "partner")
    names = metric_names(member.program)
    beside = [
        {
            "name": names.name(one.measure),
            "group": shown(one.group, names=names),
            "all": shown(one.everybody, names=names),
            "is_apart": one.is_apart,
        }
        for one in group_beside_all(pulse, by=member, at=at)
    ]
    told = {"pulse": pulse, "people": people.order_by("contact__name"), "beside": beside}
    return page(request, member, "workspace/session.html", told, here="pulses")


def _talks(member: Membership) -> Any:
    """Return the talks a member may open: all for those who run the program, else their own."""
    ways = (Pulse.Way.CHECK_IN, Pulse.Way.SESSION)
    rows = Pulse.objects.of(member.program_id).filter(way__in=ways).select_related("program")
    rows = rows.select_related("created_by__user", "program").order_by("-launched_at", "-pk")
    return rows if member.runs_program else rows.filter(created_by=member)


def _wrong(name: str, present: Sequence[Affiliation], unknown: Sequence[str]) -> str:
    if not name:
        return "Give the session a name, such as Advisory board, November."
    if len(name) > 120:
        return "Keep the name to 120 characters."
    if unknown:
        return f"Nobody you look after has the address {', '.join(unknown)[:200]}."
    if not present:
        return "Write the mail addresses of those who were there."
    return f"At most {MOST_PRESENT} people." if len(present) > MOST_PRESENT else ""


def _ask(
    request: HttpRequest,
    member: Membership,
    name: str,
    present: Sequence[Affiliation],
    *,
    way: Pulse.Way,
    partner: Partner | None,
) -> HttpResponse:
    asked = questions_for(present, way=way, by=member, at=clock.now())
    return _form(request, member, name, asked, {}, partner=partner)


def _record(
    request: HttpRequest,
    member: Membership,
    places: Any,
    *,
    way: Pulse.Way,
    partner: Partner | None,
) -> HttpResponse:
    try:
        name, asked = unsealed(request.POST.get("asked", ""), places)
    except CannotBeRead:
        messages.error(request, OLD)
        return redirect(_address(member, partner))
    fields = request.POST.dict()
    shown_blocks = blocks(asked, fields, member)
    if any(block.error for block in shown_blocks):
        wrong = "Something is too long."
    else:
        try:
            pulse = record(
                name, statements(asked, fields, member), way=way, by=member, at=clock.now()
            )
        except tuple(REFUSALS) as why:
            wrong = REFUSALS[type(why)]
        else:
            messages.success(request, "Written down. Each of them gets a mail to look at it.")
            return redirect("session", slug=member.program.slug, pulse_id=pulse.pk)
    return _form(request, member, name, asked, fields, partner=partner, error=wrong)


def _form(
    request: HttpRequest,
    member: Membership,
    name: str,
    asked: Sequence[Questions],
    fields: dict[str, str],
    *,
    partner: Partner | None,
    error: str = "",
) -> HttpResponse:
    told = {
        "name": name,
        "asked": sealed(name, asked),
        "blocks": blocks(asked, fields, member),
        "back": _address(member, partner),
        "partner": partner,
        "error": error,
    }
    return _page(request, member, "workspace/talk.html", told, partner=partner)


def _address(member: Membership, partner: Partner | None) -> str:
    slug = member.program.slug
    if partner is None:
        return reverse("sessions", args=[slug])
    return reverse("check-in", args=[slug, partner.pk])


def _page(
    request: HttpRequest,
    member: Membership,
    template: str,
    told: dict[str, Any],
    *,
    partner: Partner | None,
) -> HttpResponse:
    here = "partners" if partner else "pulses"
    return page(request, member, template, told, here=here, status=400 if told["error"] else 200)
