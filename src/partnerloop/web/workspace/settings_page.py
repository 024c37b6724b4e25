"""The program's settings: name, languages, mail, modes, and thresholds that only ever tighten."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.integrations.email.setting_up import set_mail
from partnerloop.programs.tuning import name, set_asking, set_hours, tighten
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.asking_form import AskingForm
from partnerloop.web.workspace.forms import HoursForm, MailForm, NamingForm, TrustForm
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.trying_mail import try_mail

PARTS = ("naming", "mail", "hours", "asking", "trust")


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def edit(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show the settings, each part with its own button, and save the part pressed."""
    part = request.POST.get("part", "") if request.method == "POST" else ""
    forms: dict[str, Any] = {
        "naming": NamingForm(_given(request, part, "naming"), program=member.program),
        "mail": MailForm(_given(request, part, "mail"), program=member.program),
        "hours": HoursForm(_given(request, part, "hours"), program=member.program),
        "asking": AskingForm(_given(request, part, "asking"), program=member.program),
        "trust": TrustForm(_given(request, part, "trust"), program=member.program),
    }
    if part in PARTS and forms[part].is_valid():
        _keep(part, forms[part], member)
        messages.success(request, "Saved.")
        return redirect("settings", slug=member.program.slug)
    status = 400 if request.method == "POST" else 200
    return page(request, member, "workspace/settings.html", forms, here="settings", status=status)


@require_POST
@for_runners
def test_mail(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will try the mail server and send the reader one mail."""
    tried = try_mail(member, at=clock.now())
    (messages.success if tried.works else messages.error)(request, tried.sentence)
    onward = "start" if request.POST.get("from") == "start" else "settings"
    return redirect(onward, slug=member.program.slug)


def _given(request: HttpRequest, part: str, wanted: str) -> Any:
    return request.POST if part == wanted else None


def _keep(part: str, form: Any, member: Membership) -> None:
    at, actor = clock.now(), f"user:{member.user_id}"
    match part:
        case "naming":
            name(member.program, form.naming, actor=actor, at=at)
        case "mail":
            set_mail(member.program, given=form.mail_settings, by=member, at=at)
        case "hours":
            set_hours(member.program, form.hours, actor=actor, at=at)
        case "asking":
            set_asking(member.program, form.asking, actor=actor, at=at)
        case _:
            tighten(member.program, form.trust, actor=actor, at=at)
