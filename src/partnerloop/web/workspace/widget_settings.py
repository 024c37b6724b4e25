"""The widget's settings: which portals show it, with which keys they sign, what to paste."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.integrations.models import WidgetKey
from partnerloop.integrations.widget.identity import IdentityRefused, audience, examine
from partnerloop.integrations.widget.keys import (
    KeyUnusable,
    Made,
    TooManyKeys,
    add_public,
    end,
    keys_of,
    make_secret,
)
from partnerloop.integrations.widget.origins import OriginRefused, allow, forbid, origins_of
from partnerloop.programs.models import Mode
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page

ENOUGH = "Four keys work already: end one of them first."


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button on the page led to: a fresh secret, a token looked at, or what is wrong."""

    made: Made | None = None
    checked: str = ""
    wrong: str = ""
    field: str = ""
    written: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def edit(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show portals, keys and what to paste, and do what a button says."""
    if request.method != "POST":
        return _page(request, member, Pressed())
    at = clock.now()
    match request.POST.get("part", ""):
        case "origin":
            return _allowed(request, member, at=at)
        case "secret":
            return _made(request, member, at=at)
        case "public":
            return _taken_in(request, member, at=at)
        case "token":
            return _page(request, member, _looked_at(request, member, at=at))
    return _page(request, member, Pressed())


@require_POST
@for_runners
def forbid_origin(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will take a portal off the list."""
    forbid(request.POST.get("origin", ""), by=member, at=clock.now())
    messages.success(request, "That portal shows the widget no more.")
    return redirect("widget-settings", slug=member.program.slug)


@require_POST
@for_runners
def end_key(request: HttpRequest, member: Membership, key_id: int) -> HttpResponse:
    """This will end a key at once."""
    key = WidgetKey.objects.of(member.program).filter(pk=key_id).first()
    if key is None:
        raise Http404
    end(key, by=member, at=clock.now())
    messages.success(request, "That key opens nothing from now on.")
    return redirect("widget-settings", slug=member.program.slug)


def _allowed(request: HttpRequest, member: Membership, *, at: datetime) -> HttpResponse:
    written = request.POST.get("origin", "")
    try:
        origin = allow(written, by=member, at=at)
    except OriginRefused as why:
        return _page(request, member, Pressed(wrong=str(why), field="origin", written=written))
    messages.success(request, f"{origin} may show the widget.")
    return redirect("widget-settings", slug=member.program.slug)


def _made(request: HttpRequest, member: Membership, *, at: datetime) -> HttpResponse:
    try:
        pressed = Pressed(made=make_secret(by=member, at=at))
    except TooManyKeys:
        pressed = Pressed(wrong=ENOUGH, field="secret")
    response = _page(request, member, pressed)
    patch_cache_control(response, no_store=True)
    return response


def _taken_in(request: HttpRequest, member: Membership, *, at: datetime) -> HttpResponse:
    written = request.POST.get("pem", "")
    try:
        add_public(written, by=member, at=at)
    except (KeyUnusable, TooManyKeys) as why:
        told = ENOUGH if isinstance(why, TooManyKeys) else str(why)
        kept = "" if "PRIVATE" in written else written
        return _page(request, member, Pressed(wrong=told, field="pem", written=kept))
    messages.success(request, "The portal's public key is taken in.")
    return redirect("widget-settings", slug=member.program.slug)


def _looked_at(request: HttpRequest, member: Membership, *, at: datetime) -> Pressed:
    written = request.POST.get("token", "").strip()
    try:
        found = examine(member.program, written, at=at)
    except IdentityRefused as refused:
        return Pressed(wrong=str(refused), field="token")
    return Pressed(checked=f"It is good: {found.contact.name} of {found.partner.name}.")


def _page(request: HttpRequest, member: Membership, pressed: Pressed) -> HttpResponse:
    program, at = member.program, clock.now()
    loader = reverse("widget:loader", args=[program.slug])
    told: dict[str, Any] = {
        "pressed": pressed,
        "origins": origins_of(program),
        "keys": [(key, key.works(at)) for key in keys_of(program)],
        "snippet": f'<script async src="{settings.PARTNERLOOP_URL}{loader}" '
        'data-token="THE TOKEN OF THIS VISIT"></script>',
        "audience": audience(program),
        "offers_named": Mode.NAMED in program.modes_offered,
    }
    status = 400 if pressed.wrong else 200
    return page(request, member, "workspace/widget.html", told, here="settings", status=status)
