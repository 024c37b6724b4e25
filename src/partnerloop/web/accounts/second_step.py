"""Passkeys at the door, and the second step after a link or a password."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnerloop.accounts import passkeys
from partnerloop.accounts.models import UserSession
from partnerloop.accounts.passkeys import PasskeyRefused
from partnerloop.accounts.second_step import WrongCode, check_code, steps_of
from partnerloop.accounts.throttling import Attempt, forgive, is_slowed, note_failure
from partnerloop.core import clock
from partnerloop.web.accounts import entering
from partnerloop.web.accounts.entering import Waiting
from partnerloop.web.accounts.signing_in import safe_onward

WRONG = "This code did not work. Codes of an app change every half minute; each works once."
NOT_PROVED = "This passkey did not let you in. Try again, or sign in another way."


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        max_length=40,
        label="Code",
        help_text="Six digits of your app, or one of your recovery codes.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        ),
        error_messages={"required": "Enter a code."},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """This will let in whom a code or a passkey proves, after a first step in this browser."""
    at = clock.now()
    person = entering.waiting(request, at=at)
    if person is None:
        return redirect("sign-in")
    form = CodeForm(request.POST if "code" in request.POST else None)
    problem = ""
    if request.method == "POST":
        attempt = entering.attempt_of(request, f"second step {person.user.pk}")
        if not is_slowed(attempt, at=at) and _proves(request, person, form):
            forgive(attempt)
            return entering.let_in(
                request, person.user, door=person.door, onward=person.onward, at=at
            )
        note_failure(attempt, at=at)
        problem = NOT_PROVED if "passkey" in request.POST else ""
        if form.is_bound and form.is_valid():
            form.add_error("code", WRONG)
    return _second_step_page(request, person, form, problem)


def _proves(request: HttpRequest, person: Waiting, form: CodeForm) -> bool:
    try:
        if "passkey" in request.POST:
            passkeys.check(person.user, answer=request.POST["passkey"])
            return True
        if not form.is_valid():
            return False
        check_code(person.user, form.cleaned_data["code"])
    except (WrongCode, PasskeyRefused):
        return False
    return True


def _second_step_page(
    request: HttpRequest, person: Waiting, form: CodeForm, problem: str
) -> HttpResponse:
    steps = steps_of(person.user)
    asked = passkeys.asking(person.user) if steps.passkeys else ""
    shown = {"form": form, "steps": steps, "asked": asked, "problem": problem}
    status = 400 if problem or form.errors else 200
    return render(request, "accounts/second_step.html", shown, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_passkey(request: HttpRequest) -> HttpResponse:
    """This will let in the owner of a passkey: it is both steps at once."""
    at, onward = clock.now(), safe_onward(request, request.GET.get("next", ""))
    problem = ""
    if request.method == "POST":
        attempt = Attempt(account="passkey", place=entering.attempt_of(request, "").place)
        try:
            if not is_slowed(attempt, at=at):
                user = passkeys.whose(request.POST.get("passkey", ""))
                door = UserSession.Door.PASSKEY
                return entering.let_in(request, user, door=door, onward=onward, at=at)
        except PasskeyRefused:
            note_failure(attempt, at=at)
        problem = NOT_PROVED
    shown = {"asked": passkeys.asking(None), "problem": problem}
    return render(request, "accounts/passkey.html", shown, status=400 if problem else 200)
