"""Signing in by a mailed one-time link. Looking at the link burns nothing: mail scanners look."""

from urllib.parse import urlencode

from django import forms
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partnerloop.accounts.models import User
from partnerloop.accounts.signing_in import SignInLinkSpent, is_usable, use_link
from partnerloop.core import clock
from partnerloop.web.accounts.mailing import mail_link

BACKEND = "django.contrib.auth.backends.ModelBackend"


class AddressForm(forms.Form):
    """The address that a link is mailed to."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Enter your work e-mail.",
            "invalid": "This is not a whole e-mail address: it looks like name@company.example.",
        },
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
    shown = {"form": form, "was_sent": "sent" in request.GET}
    return render(request, "accounts/sign_in.html", shown, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """This will show a button; only pressing it uses the link up."""
    onward = safe_onward(request, request.GET.get("next", ""))
    if request.method == "POST":
        try:
            user = use_link(token, at=clock.now())
        except SignInLinkSpent:
            return render(request, "accounts/link_spent.html", status=410)
        login(request, user, backend=BACKEND)
        return HttpResponseRedirect(onward or reverse("programs"))
    if not is_usable(token, at=clock.now()):
        return render(request, "accounts/link_spent.html", status=410)
    return render(request, "accounts/enter.html")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """This will sign the reader out."""
    logout(request)
    return redirect("sign-in")


def safe_onward(request: HttpRequest, address: str) -> str:
    """This will return where to go after signing in, if it is a page of ours, else nothing."""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours and address.startswith("/") else ""
