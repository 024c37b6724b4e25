"""What the people pages ask for: roles, days of cover, departments, contacts."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings

from partnerloop.accounts.models import Membership, Role
from partnerloop.partners.contacting import Particulars
from partnerloop.partners.departments import Described
from partnerloop.partners.looking_after import LOOK_AFTER
from partnerloop.partners.models import ContactRole, Department, Partner
from partnerloop.programs.models import Program
from partnerloop.web.workspace.forms import ZONES, choose_from

Given = Mapping[str, Any] | None


def active(program: Program) -> Any:
    """This will return the members of a program, by name."""
    rows = Membership.objects.of(program).filter(ended_on__isnull=True)
    return rows.select_related("user").order_by("user__name", "pk")


if TYPE_CHECKING:  # generic to mypy only
    Choice = forms.ModelChoiceField[Membership]
else:
    Choice = forms.ModelChoiceField


class MemberChoice(Choice):
    """Members by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return a member's name with the role."""
        return f"{obj.user.name}, {obj.get_role_display().lower()}"


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label="Role", choices=Role.choices)


class CoverForm(forms.Form):
    """Who stands in, from which day to which."""

    cover = MemberChoice(queryset=Membership.objects.none(), label="Who stands in")
    since = forms.DateField(
        label="First day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="Last day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, given: Given, *, away: Membership, on: date) -> None:
        super().__init__(given, initial={"since": on})
        others = active(away.program).filter(role__in=LOOK_AFTER).exclude(pk=away.pk)
        choose_from(self, "cover", others)


class HandOverForm(forms.Form):
    """Who takes which partners."""

    taker = MemberChoice(queryset=Membership.objects.none(), label="Who takes them")
    partners = forms.ModelMultipleChoiceField(
        queryset=Partner.objects.none(),
        label="Partners",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one partner."},
    )

    def __init__(self, given: Given, *, giver: Membership, partners: Any) -> None:
        super().__init__(given, initial={"partners": [one.pk for one in partners]})
        others = active(giver.program).filter(role__in=LOOK_AFTER).exclude(pk=giver.pk)
        choose_from(self, "taker", others)
        choose_from(self, "partners", partners)


class DepartmentForm(forms.Form):
    """A department: its name, its lead, and what it can answer in a week."""

    name = forms.CharField(
        label="Name", max_length=80, error_messages={"required": "Give the department a name."}
    )
    lead = MemberChoice(
        queryset=Membership.objects.none(),
        label="Lead",
        required=False,
        empty_label="nobody yet",
        help_text="Feedback sent to the department belongs to its lead.",
    )
    weekly_capacity = forms.IntegerField(
        label="Can answer in a week",
        min_value=0,
        max_value=10_000,
        initial=10,
        help_text="Pieces of feedback. Ask only what you can answer.",
        error_messages={"invalid": "Write a whole number.", "min_value": "Not less than 0."},
    )

    def __init__(
        self, given: Given, *, program: Program, department: Department | None = None
    ) -> None:
        fields = ("name", "lead", "weekly_capacity")
        start = {field: getattr(department, field) for field in fields} if department else None
        super().__init__(given, initial=start, prefix="department")
        choose_from(self, "lead", active(program))

    @property
    def described(self) -> Described:
        """Return what was written, once it is valid."""
        return Described(**self.cleaned_data)


class ContactForm(forms.Form):
    """A person's particulars."""

    name = forms.CharField(
        label="Name", max_length=200, error_messages={"required": "Give the person a name."}
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="Their own at the company: shared and free mailboxes can't count confidentially.",
        error_messages={
            "required": "Give the address that questions go to.",
            "invalid": "This is not a whole address: name@company.example.",
        },
    )
    language = forms.ChoiceField(
        label="Language", required=False, choices=[("", "as the partner"), *settings.LANGUAGES]
    )
    time_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=[("", "as the partner"), *((zone, zone) for zone in ZONES)],
    )

    def __init__(self, given: Given, *, start: dict[str, Any] | None = None) -> None:
        super().__init__(given, initial=start, prefix="contact")

    @property
    def particulars(self) -> Particulars:
        """Return what was written, once it is valid."""
        told = self.cleaned_data
        return Particulars(told["name"], told["email"], told["language"], told["time_zone"])


class PlaceForm(forms.Form):
    """Where a person works, and on what."""

    partner = forms.ModelChoiceField(
        queryset=Partner.objects.none(),
        label="Partner",
        error_messages={"required": "Choose the partner they work for."},
    )
    role = forms.ChoiceField(label="Works on", choices=ContactRole.choices)

    def __init__(self, given: Given, *, member: Membership, on: date, partner: int = 0) -> None:
        super().__init__(given, initial={"partner": partner or None}, prefix="place")
        seen = Partner.objects.of(member.program_id).active(on).visible_to(member, on)
        choose_from(self, "partner", seen.order_by("name", "pk"))
