"""Single sign-on of a program: the provider, and whether members must come by it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partnerloop.accounts.models import Membership, Role, SignOn
from partnerloop.accounts.signing_on import (
    CannotEnforce,
    Provider,
    enforce,
    relax,
    remove_provider,
    set_provider,
    sign_on_of,
)
from partnerloop.core import clock
from partnerloop.integrations.sign_on.client import ProviderNotReached, is_allowed
from partnerloop.integrations.sign_on.exchanging import described
from partnerloop.web.access import for_roles
from partnerloop.web.accounts.entering import is_fresh
from partnerloop.web.accounts.signing_on import back_address
from partnerloop.web.workspace.frame import page


class ProviderForm(forms.Form):
    """A provider; the secret is written once and never shown again."""

    issuer = forms.CharField(
        label="Issuer",
        max_length=300,
        help_text="The provider's own address, such as https://login.example.com/tenant.",
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        error_messages={"required": "Write the address of the provider."},
    )
    client_id = forms.CharField(
        label="Client ID",
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        error_messages={"required": "Write the ID that the provider gave this program."},
    )
    secret = forms.CharField(
        label="Client secret",
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Kept sealed. Left empty, the one there is stays.",
    )

    def __init__(self, given: Mapping[str, Any] | None, *, kept: SignOn | None) -> None:
        start = {"issuer": kept.issuer, "client_id": kept.client_id} if kept else {}
        super().__init__(given, initial=start)
        self.kept = kept

    def clean_issuer(self) -> str:
        """Refuse an address that no provider could have, or that does not answer as one."""
        issuer: str = self.cleaned_data["issuer"].strip()
        address = urlsplit(issuer)
        if not address.hostname or address.query or address.fragment or address.username:
            raise forms.ValidationError("This is not a whole address without ? and #.")
        if address.scheme != "https" and not is_allowed(address.hostname):
            raise forms.ValidationError("Its address must begin with https.")
        try:
            described(issuer)
        except ProviderNotReached as why:
            raise forms.ValidationError(str(why)) from None
        return issuer

    def clean_secret(self) -> str:
        """Demand a secret where there is none yet."""
        secret: str = self.cleaned_data["secret"]
        if not secret and self.kept is None:
            raise forms.ValidationError("Write the secret that the provider gave this program.")
        return secret


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.OWNER)
def edit(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show the provider, and change it soon after the owner signed in."""
    here, at = reverse("single-sign-on", args=[member.program.slug]), clock.now()
    kept, part = sign_on_of(member.program), request.POST.get("part", "")
    if part and not is_fresh(request, at=at):
        messages.info(request, "Sign in once more, then change it.")
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': here})}")
    form, problem = ProviderForm(request.POST if part == "provider" else None, kept=kept), ""
    if part and (part != "provider" or form.is_valid()):
        try:
            _change(part, form, member)
        except CannotEnforce as why:
            problem = str(why)
        else:
            messages.success(request, "Saved.")
            return redirect(here)
    shown = {
        "form": form,
        "kept": kept,
        "problem": problem,
        "back": back_address(member.program.slug),
    }
    status = 400 if request.method == "POST" else 200
    template = "workspace/single_sign_on.html"
    return page(request, member, template, shown, here="settings", status=status)


def _change(part: str, form: ProviderForm, member: Membership) -> None:
    at = clock.now()
    match part:
        case "provider":
            set_provider(Provider(**form.cleaned_data), by=member, at=at)
        case "enforce":
            enforce(by=member, at=at)
        case "relax":
            relax(by=member, at=at)
        case "remove":
            remove_provider(by=member, at=at)
