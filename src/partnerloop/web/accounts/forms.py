"""What the account page asks for, and how it says what is wrong."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from partnerloop.accounts.models import User


class NewPasswordForm(forms.Form):
    """A new password; any characters, at least eight, and not one that everybody tries."""

    password = forms.CharField(
        max_length=256,
        strip=False,
        label="New password",
        help_text="At least 8 characters, better 15: a few words that only you would put together.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Write the new password."},
    )

    def __init__(self, given: Mapping[str, Any] | None, *, user: User) -> None:
        super().__init__(given)
        self.user = user

    def clean_password(self) -> str:
        """Refuse what is too short or known to everybody."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class AppForm(forms.Form):
    """The code that proves that the app has the key."""

    code = forms.CharField(
        max_length=20,
        label="Code that the app shows now",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        ),
        error_messages={"required": "Enter the six digits that the app shows."},
    )


class PasskeyForm(forms.Form):
    """What a new passkey is called, and what the browser made."""

    name = forms.CharField(
        max_length=60,
        label="Name",
        help_text="So that you know it again, such as: laptop, or key on the key ring.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give it a name."},
    )
    passkey = forms.CharField(
        max_length=20_000,
        widget=forms.HiddenInput,
        error_messages={"required": "The browser made no passkey. Try again."},
    )
