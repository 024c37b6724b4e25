"""Becoming a member by a mailed invitation. Looking at it accepts nothing: mail scanners look."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnerloop.accounts.inviting import InvitationNotOpen, accept, find_open
from partnerloop.accounts.models import MemberInvitation, User, UserSession
from partnerloop.core import clock
from partnerloop.web.accounts.entering import let_in


class NameForm(forms.Form):
    """How colleagues will read the new member's name."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As your colleagues and partners should read it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """This will show who invites to what; only the button accepts."""
    at = clock.now()
    try:
        invitation = find_open(token, at=at)
        known = User.objects.filter(email__iexact=invitation.email).exists()
        form = NameForm(request.POST if request.method == "POST" and not known else None)
        if request.method != "POST" or not (known or form.is_valid()):
            return _asked(request, invitation, form=None if known else form)
        name = "" if known else form.cleaned_data["name"]
        member = accept(token, name=name, at=at)
    except InvitationNotOpen:
        return render(request, "accounts/invitation_spent.html", status=410)
    inside = reverse("home", args=[member.program.slug])
    if not known:
        response = let_in(request, member.user, door=UserSession.Door.LINK, onward=inside, at=at)
        messages.success(request, f"Welcome to {member.program.name}.")
        return response
    messages.success(request, f"Welcome to {member.program.name}.")
    # A person known here signs in as always: with the second step, where they set one.
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': inside})}")


def _asked(
    request: HttpRequest, invitation: MemberInvitation, *, form: NameForm | None
) -> HttpResponse:
    shown = {"invitation": invitation, "program": invitation.program, "form": form}
    status = 400 if form is not None and form.errors else 200
    return render(request, "accounts/join.html", shown, status=status)
