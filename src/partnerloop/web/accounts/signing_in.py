"""Signing in by mailed link, password or passkey, and out again.

Looking at a mailed link burns nothing: mail scanners look. Whoever is refused reads the same
sentence, whether the account is unknown, the password wrong or the attempt slowed down.
"""

import re
from urllib.parse import urlencode

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from partnerloop.accounts.models import SignOn, User, UserSession
from partnerloop.accounts.signing_in import SignInLinkSpent, is_usable, use_link
from partnerloop.accounts.throttling import forgive, is_slowed, note_failure
from partnerloop.core import clock
from partnerloop.web.accounts import entering
from partnerloop.web.accounts.mailing import mail_link

REFUSED = (
    "This did not let you in. Check address and password, or have a link mailed:"
    " that works always, also after many attempts."
)


class AddressForm(forms.Form):
    """The address that a link is mailed to."""

    email = forms.EmailField(
        max_length=254,
        label="Work e-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={
            "required": "Enter your work e-mail.",
            "invalid": "This is not a whole e-mail address: it looks like name@company.example.",
        },
    )


class PasswordForm(AddressForm):
    """Address and password of somebody who set one."""

    password = forms.CharField(
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password."},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """This will mail a link to a member; the page says the same to everybody else."""
    onward = safe_onward(request, request.GET.get("next", ""))
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = User.objects.filter(email=form.cleaned_data["email"].lower(), is_active=True).first()
        if user is not None:
            mail_link(user, onward=onward, at=clock.now())
        return redirect(f"{reverse('sign-in')}?{urlencode({'sent': '1'})}")
    shown = {"form": form, "was_sent": "sent" in request.GET, "onward": onward}
    shown["sign_on"] = _sign_on_towards(onward)
    return render(request, "accounts/sign_in.html", shown, status=400 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def by_password(request: HttpRequest) -> HttpResponse:
    """This will take address and password, slowing down who guesses."""
    at, onward = clock.now(), safe_onward(request, request.GET.get("next", ""))
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = entering.attempt_of(request, form.cleaned_data["email"])
        user = None
        if not is_slowed(attempt, at=at):
            told = {"username": attempt.account.lower(), "password": form.cleaned_data["password"]}
            user = authenticate(request, **told)
        if isinstance(user, User):
            forgive(attempt)
            door = UserSession.Door.PASSWORD
            return entering.first_step_done(request, user, door=door, onward=onward, at=at)
        note_failure(attempt, at=at)
        form.add_error(None, REFUSED)
    shown = {"form": form, "onward": onward}
    return render(request, "accounts/password.html", shown, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """This will show a button; only pressing it uses the link up."""
    at, onward = clock.now(), safe_onward(request, request.GET.get("next", ""))
    if request.method == "POST":
        try:
            user = use_link(token, at=at)
        except SignInLinkSpent:
            return render(request, "accounts/link_spent.html", status=410)
        door = UserSession.Door.LINK
        return entering.first_step_done(request, user, door=door, onward=onward, at=at)
    if not is_usable(token, at=at):
        return render(request, "accounts/link_spent.html", status=410)
    return render(request, "accounts/enter.html")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """This will sign the reader out."""
    entering.leave(request)
    return redirect("sign-in")


def safe_onward(request: HttpRequest, address: str) -> str:
    """This will return where to go after signing in, if it is a page of ours, else nothing."""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours and address.startswith("/") else ""


def _sign_on_towards(onward: str) -> SignOn | None:
    place = re.match(r"/p/([a-z0-9-]+)/", onward)
    rows = SignOn.objects.across_programs().select_related("program")
    return rows.filter(program__slug=place[1]).first() if place else None
