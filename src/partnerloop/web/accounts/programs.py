"""Choosing a program, and how its pages look to this reader."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.web.access import SIGN_ON_PROGRAM, SignInFirst, to_sign_in, user_of
from partnerloop.web.accounts.signing_in import safe_onward

THEMES = ("", "light", "dark")


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """This will go to the reader's program, or list several."""
    try:
        user = user_of(request)
    except SignInFirst:
        return to_sign_in(request)
    members = list(
        Membership.objects.across_programs()
        .filter(user=user, ended_on__isnull=True)
        .select_related("program")
        .order_by("program__name")
    )
    vouching = request.session.get(SIGN_ON_PROGRAM)
    if vouching is not None:
        members = [member for member in members if member.program_id == vouching]
    if len(members) == 1:
        return redirect("home", slug=members[0].program.slug)
    return render(request, "accounts/programs.html", {"members": members})


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """This will keep the reader's choice of light, dark or as the system has it."""
    try:
        user = user_of(request)
    except SignInFirst:
        return to_sign_in(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        user.theme = theme
        user.save(update_fields=["theme"])
    return redirect(safe_onward(request, request.POST.get("next", "")) or "programs")
