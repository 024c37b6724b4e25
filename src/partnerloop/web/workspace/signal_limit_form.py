"""What a limit of a signal needs: which signal, counted how, which number, and what follows."""

from collections.abc import Mapping
from typing import Any

from django import forms

from partnerloop.alerts.limiting import Limiting
from partnerloop.alerts.models import SignalLimit
from partnerloop.partners.counting import kinds
from partnerloop.programs.models import Program

OWN = "::own"
COUNTS = (
    (SignalLimit.Count.SUM, "Their sum, such as logins or tickets"),
    (SignalLimit.Count.MEAN, "Their mean, such as days until a registration was confirmed"),
    (SignalLimit.Count.LAST, "The last value, such as seats in use"),
)
THENS = (
    (SignalLimit.Then.ALERT, "Open an alert for the partner"),
    (SignalLimit.Then.PULSE, "Ask people there, by a pulse after the event"),
)


class SignalLimitForm(forms.Form):
    """When this signal crosses this number, this follows."""

    kind = forms.ChoiceField(
        label="Signal", error_messages={"required": "Choose a signal, or one not received yet."}
    )
    own_kind = forms.CharField(
        label="Its name, if none was received yet",
        required=False,
        max_length=60,
        help_text="As your systems send it, such as portal_login.",
        error_messages={"max_length": "A name has at most 60 letters."},
    )
    count = forms.ChoiceField(
        label="Look at",
        choices=COUNTS,
        error_messages={"required": "Choose what is looked at: the sum, the mean or the last."},
    )
    days = forms.IntegerField(
        label="Over so many days",
        min_value=1,
        max_value=366,
        initial=30,
        error_messages={
            "required": "Write a number of days, such as 30.",
            "invalid": "Write a whole number of days, such as 30.",
            "min_value": "One day is the least.",
            "max_value": "A year, 366 days, is the most.",
        },
    )
    side = forms.ChoiceField(
        label="It crosses when it is",
        choices=SignalLimit.Side.choices,
        error_messages={"required": "Choose below or above."},
    )
    number = forms.DecimalField(
        label="This number",
        min_value=-(10**12),
        max_value=10**12,
        max_digits=16,
        decimal_places=3,
        help_text="The number itself is still right.",
        error_messages={
            "required": "Write the number that must not be crossed, such as 1.",
            "invalid": "Write a number, such as 5 or 2.5.",
            "min_value": "No signal is that small.",
            "max_value": "No signal is that large.",
            "max_digits": "Write a shorter number.",
            "max_whole_digits": "No signal is that large.",
            "max_decimal_places": "Three digits after the point are enough.",
        },
    )
    then = forms.ChoiceField(
        label="Then", choices=THENS, error_messages={"required": "Choose what follows."}
    )

    def __init__(self, given: Mapping[str, Any] | None, *, program: Program) -> None:
        super().__init__(given)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        received = [(one, spelled(one)) for one in kinds(program)]
        kind.choices = [*received, (OWN, "One not received yet")]

    def clean(self) -> dict[str, Any]:
        """Take the typed name where none was chosen."""
        told = super().clean() or {}
        if told.get("kind") == OWN:
            name = told.get("own_kind", "").strip()
            if name:
                told["kind"] = name
            elif "own_kind" not in self.errors:
                self.add_error("own_kind", "Write its name as your systems send it: portal_login.")
        return told

    @property
    def wanted(self) -> Limiting:
        """Return what was written, once it is valid."""
        told = self.cleaned_data
        return Limiting(
            kind=told["kind"],
            count=told["count"],
            days=told["days"],
            side=told["side"],
            number=told["number"],
            then=told["then"],
        )


def spelled(kind: str) -> str:
    """This will return a signal's name in words: portal_login is "Portal login"."""
    words = kind.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] or kind
