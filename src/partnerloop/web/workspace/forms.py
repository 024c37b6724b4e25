"""What the settings page and the three-step start ask for, and how they say what is wrong."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.db.models import QuerySet

from partnerloop.integrations.email.setting_up import MailSettings
from partnerloop.programs.models import MODES_OFFERED_TODAY, Program
from partnerloop.programs.tuning import STRICTER, MailHours, Naming, Trust

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN", "INR")
ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


class NamingForm(forms.Form):
    """Who asks, in which language, time and money."""

    name = forms.CharField(
        label="Program",
        max_length=120,
        help_text="As your colleagues call it.",
        error_messages={"required": "Give the program a name."},
    )
    vendor_name = forms.CharField(
        label="Your company",
        max_length=120,
        help_text="Partners read it in questions and mails.",
        error_messages={"required": "Say which company asks."},
    )
    language = forms.ChoiceField(
        label="Language",
        choices=settings.LANGUAGES,
        help_text="For partners and contacts that have none of their own.",
    )
    time_zone = forms.ChoiceField(label="Time zone", choices=[(zone, zone) for zone in ZONES])
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label="Currency",
        help_text="Three letters, such as EUR. Other currencies need a rate to be counted.",
        error_messages={"invalid": "Write the three letters of the currency, such as EUR."},
    )

    def __init__(self, given: Mapping[str, Any] | None, *, program: Program) -> None:
        fields = ("name", "vendor_name", "language", "time_zone", "currency")
        start = {field: getattr(program, field) for field in fields}
        super().__init__(given, initial=start, prefix="naming")

    @property
    def naming(self) -> Naming:
        """Return what was written, once it is valid."""
        return Naming(**self.cleaned_data)


class MailForm(forms.Form):
    """How the program's mails leave."""

    sender_name = forms.CharField(label="Sender's name", max_length=120, required=False)
    sender_address = forms.EmailField(
        label="Sender's address",
        required=False,
        error_messages={"invalid": "This is not a whole address: name@company.example."},
    )
    reply_address = forms.EmailField(
        label="Replies go to",
        required=False,
        help_text="Left empty, they go to the sender's address.",
        error_messages={"invalid": "This is not a whole address: name@company.example."},
    )
    host = forms.CharField(
        label="Mail server (SMTP)",
        max_length=200,
        required=False,
        help_text="Left empty, nothing is sent: mails stay on the outbox page.",
    )
    port = forms.IntegerField(
        label="Port",
        min_value=1,
        max_value=65535,
        error_messages={"invalid": "A port is a number, mostly 587."},
    )
    security = forms.ChoiceField(
        label="Security", choices=[("starttls", "STARTTLS"), ("tls", "TLS"), ("none", "None")]
    )
    user = forms.CharField(label="User name", max_length=200, required=False)
    password = forms.CharField(
        label="Password",
        required=False,
        strip=False,
        help_text="Kept sealed and never shown. Left empty, the saved one stays.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, given: Mapping[str, Any] | None, *, program: Program) -> None:
        start = {
            "sender_name": program.sender_name,
            "sender_address": program.sender_address,
            "reply_address": program.reply_address,
            "host": program.smtp_host,
            "port": program.smtp_port,
            "security": program.smtp_security,
            "user": program.smtp_user,
        }
        super().__init__(given, initial=start, prefix="mail")

    def clean(self) -> dict[str, Any]:
        """A server without a sender would refuse every mail: say so now."""
        told = super().clean() or self.cleaned_data
        if told.get("host") and not told.get("sender_address"):
            self.add_error("sender_address", "A mail server needs a sender's address.")
        return told

    @property
    def mail_settings(self) -> MailSettings:
        """Return what was written, once it is valid."""
        told = {**self.cleaned_data, "password": self.cleaned_data["password"] or None}
        return MailSettings(**told)


class HoursForm(forms.Form):
    """When mails with questions may arrive, by each reader's own clock."""

    mails_from_hour = forms.IntegerField(label="From hour", min_value=0, max_value=23)
    mails_until_hour = forms.IntegerField(
        label="Until hour",
        min_value=1,
        max_value=24,
        help_text="On Mondays to Fridays, in the time zone of each reader.",
    )
    holidays = forms.CharField(
        label="Days off",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A day on each line, such as 2026-12-24. No mail with questions arrives then.",
    )

    def __init__(self, given: Mapping[str, Any] | None, *, program: Program) -> None:
        start = {
            "mails_from_hour": program.mails_from_hour,
            "mails_until_hour": program.mails_until_hour,
            "holidays": "\n".join(program.holidays),
        }
        super().__init__(given, initial=start, prefix="hours")

    def clean_holidays(self) -> list[str]:
        """Each line is a day; two in a row may stand on one line."""
        days = set()
        for written in self.cleaned_data["holidays"].split():
            try:
                days.add(date.fromisoformat(written).isoformat())
            except ValueError:
                raise forms.ValidationError(
                    f"{written[:40]} is no day: write 2026-12-24."
                ) from None
        return sorted(days)[-400:]

    def clean(self) -> dict[str, Any]:
        """Mails need at least one hour of the day."""
        told = super().clean() or self.cleaned_data
        if told.get("mails_from_hour", 0) >= told.get("mails_until_hour", 24):
            self.add_error("mails_until_hour", "The last hour comes after the first.")
        return told

    @property
    def hours(self) -> MailHours:
        """Return what was written, once it is valid."""
        return MailHours(**self.cleaned_data)


class TrustForm(forms.Form):
    """Modes on offer, and thresholds that only ever tighten."""

    modes_offered = forms.MultipleChoiceField(
        label="Modes offered to respondents",
        choices=[(mode.value, mode.label) for mode in MODES_OFFERED_TODAY],
        widget=forms.CheckboxSelectMultiple,
        help_text="Pulses already sent keep theirs.",
        error_messages={"required": "Offer at least one mode."},
    )
    company_minimum = forms.IntegerField(
        label="People of one company in a batch", min_value=3, max_value=20
    )
    pool_people = forms.IntegerField(
        label="People behind a group figure", min_value=5, max_value=50
    )
    pool_companies = forms.IntegerField(
        label="Companies behind a group figure", min_value=3, max_value=20
    )
    dominance = forms.DecimalField(
        label="Largest share of one company",
        min_value=Decimal("0.2"),
        max_value=Decimal("0.5"),
        max_digits=3,
        decimal_places=2,
    )
    blur = forms.DecimalField(
        label="Blur of a batch",
        min_value=Decimal("1"),
        max_value=Decimal("5"),
        max_digits=3,
        decimal_places=1,
        help_text="Standard deviation is this over the number of people.",
    )
    seasoning_days = forms.IntegerField(
        label="Days before a new contact counts",
        min_value=30,
        max_value=365,
        help_text="Confidential answers count only of people who have been in here so long:"
        " nobody can plant colleagues to find somebody out.",
    )
    figure_age_days = forms.IntegerField(
        label="Days after which a figure is too old",
        min_value=60,
        max_value=182,
        help_text="Later than that it says that there are no recent answers.",
    )

    def __init__(self, given: Mapping[str, Any] | None, *, program: Program) -> None:
        self.program = program
        fields = ("modes_offered", *STRICTER)
        start = {field: getattr(program, field) for field in fields}
        super().__init__(given, initial=start, prefix="trust")

    def clean(self) -> dict[str, Any]:
        """Respondents were promised at least what holds now."""
        told = super().clean() or self.cleaned_data
        for field, way in STRICTER.items():
            now = getattr(self.program, field)
            if field in told and (told[field] - now) * way < 0:
                bound = "less" if way > 0 else "more"
                self.add_error(
                    field, f"Not {bound} than {now}: respondents were promised what holds now."
                )
        return told

    @property
    def trust(self) -> Trust:
        """Return what was written, once it is valid."""
        return Trust(**self.cleaned_data)


def choose_from(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """This will let a form's field choose among some rows, where a form's class knows none."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} chooses among no rows")
    field.queryset = rows
