"""What the page of API keys and webhooks asks for."""

from collections.abc import Mapping
from typing import Any

from django import forms

from partnerloop.integrations.models import EventType, KeyScope
from partnerloop.integrations.webhook.endpoints import AddressRefused, check_address


class KeyForm(forms.Form):
    """A key: what it is for, what it may do, how long."""

    name = forms.CharField(
        label="What it is for",
        max_length=80,
        help_text="So that you know it again, such as: nightly copy to the warehouse.",
        error_messages={"required": "Say what the key is for."},
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=KeyScope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one thing that it may do."},
    )
    days = forms.ChoiceField(
        label="Ends after",
        choices=[("30", "30 days"), ("90", "90 days"), ("365", "1 year")],
        initial="90",
    )

    def __init__(self, given: Mapping[str, Any] | None) -> None:
        super().__init__(given, prefix="key")


class EndpointForm(forms.Form):
    """An address that is told of events."""

    url = forms.CharField(
        label="Address",
        max_length=500,
        help_text="Such as https://hooks.example.com/partnerloop. Redirects are not followed.",
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        error_messages={"required": "Say where to send."},
    )
    events = forms.MultipleChoiceField(
        label="What it is told",
        choices=EventType.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one event."},
    )

    def __init__(self, given: Mapping[str, Any] | None) -> None:
        super().__init__(given, prefix="hook")

    def clean_url(self) -> str:
        """Refuse an address that could never be told anything."""
        url: str = self.cleaned_data["url"]
        try:
            check_address(url)
        except AddressRefused as why:
            raise forms.ValidationError(str(why)) from None
        return url
