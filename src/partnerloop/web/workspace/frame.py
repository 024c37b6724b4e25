"""What stands around every page of a program: its places, their counts, its banner."""

from typing import Any, get_args

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from partnerloop.accounts.models import Membership
from partnerloop.actions.inbox import open_items
from partnerloop.core import clock
from partnerloop.integrations.email.servers import why_nothing_is_sent
from partnerloop.programs.models import Program
from partnerloop.web.components import Banner, Who
from partnerloop.web.shell import Place, Shell, Theme


def page(
    request: HttpRequest,
    member: Membership,
    template: str,
    shown: dict[str, Any],
    *,
    here: str,
    status: int = 200,
) -> HttpResponse:
    """This will answer with a page of the program in its frame."""
    around = {"shell": shell_of(member, here=here), "program": member.program, "member": member}
    return render(request, template, {**around, **shown}, status=status)


def fragment(
    request: HttpRequest, member: Membership, template: str, shown: dict[str, Any]
) -> HttpResponse:
    """This will answer with a part of a page, without its frame."""
    return render(request, template, {"program": member.program, "member": member, **shown})


def shell_of(member: Membership, *, here: str) -> Shell:
    """This will return the frame of a member's pages."""
    program, slug = member.program, member.program.slug

    def place(key: str, label: str, icon: str, count: int = 0) -> Place:
        return Place(key, label, reverse(key, args=[slug]), icon, count)

    waiting = open_items(program, by=member, at=clock.now()).count()
    tools = [place("members", "People", "people")]
    if member.runs_program:
        tools = [
            *tools,
            place("pulses", "Pulses", "pulses"),
            place("plan", "Plan", "clock"),
            place("outbox", "Outbox", "mail"),
            place("import", "Import", "import"),
            place("settings", "Settings", "settings"),
        ]
    return Shell(
        vendor=program.vendor_name,
        reader=Who(member.user.name, note=member.get_role_display()),
        home_url=reverse("home", args=[slug]),
        places=[
            place("home", "Today", "today"),
            place("partners", "Partners", "partners"),
            place("inbox", "Loop", "loop", waiting),
        ],
        tools=tools,
        here=here,
        sign_out_url=reverse("sign-out"),
        theme=_theme(member.user.theme),
        theme_url=reverse("theme"),
        language=member.user.language or "en",
        banner=_banner(program, may_change=member.runs_program),
    )


def _banner(program: Program, *, may_change: bool) -> Banner | None:
    why = why_nothing_is_sent(program)
    if why is None:
        return None
    if not may_change:
        return Banner(why)
    return Banner(why, url=reverse("settings", args=[program.slug]), action="Set it and test")


def _theme(chosen: str) -> Theme:
    return next((theme for theme in get_args(Theme) if theme == chosen), "")
