"""What the objectives pages ask for."""

from collections.abc import Mapping
from typing import Any

from django import forms

from partnerloop.accounts.models import Membership
from partnerloop.partners.models import Objective
from partnerloop.partners.objectives import Aim
from partnerloop.programs.models import Program
from partnerloop.pulses.proposals import Proposal
from partnerloop.pulses.templates import TEMPLATES
from partnerloop.web.metric_names import metric_names
from partnerloop.web.workspace.forms import choose_from
from partnerloop.web.workspace.people_forms import MemberChoice, active
from partnerloop.web.workspace.pulse_form import items_of


class ObjectiveForm(forms.Form):
    """An objective: what for, who stands for it, where a figure shall be by when, what it asks."""

    title = forms.CharField(
        label="What you want to learn or reach",
        max_length=120,
        error_messages={"required": "Say what you want to learn or reach."},
    )
    why = forms.CharField(label="Why", max_length=300, required=False)
    sponsor = MemberChoice(
        queryset=Membership.objects.none(),
        label="Sponsor",
        required=False,
        empty_label="Nobody yet",
        help_text="Who stands for it when answers ask for something.",
    )
    measure = forms.ChoiceField(
        label="Figure",
        required=False,
        help_text="As long as the objective is open, its metric is asked about a tenth more often.",
    )
    target = forms.DecimalField(
        label="Target",
        required=False,
        min_value=0,
        max_value=10,
        max_digits=3,
        decimal_places=1,
        help_text="From 0 to 10.",
    )
    due_on = forms.DateField(
        label="By",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    template = forms.ChoiceField(
        label="Its pulses follow the template",
        required=False,
        choices=[("", "None: a plain pulse to all"), *((one.key, one.title) for one in TEMPLATES)],
    )
    questions = forms.MultipleChoiceField(
        label="Its pulses ask", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, given: Mapping[str, Any] | None, *, program: Program, start: dict[str, Any] | None
    ) -> None:
        super().__init__(given, initial=start)
        choose_from(self, "sponsor", active(program))
        measure, names = self.fields["measure"], metric_names(program)
        assert isinstance(measure, forms.ChoiceField), "as it stands above"
        named = ((key, names.name(key)) for key in names.used)
        measure.choices = [("", "None in particular"), *named]
        questions = self.fields["questions"]
        assert isinstance(questions, forms.MultipleChoiceField), "as it stands above"
        questions.choices = items_of(program)

    def clean(self) -> None:
        """This will refuse a target for no figure."""
        super().clean()
        if self.cleaned_data.get("target") is not None and not self.cleaned_data.get("measure"):
            self.add_error("measure", "Say of which figure, or leave the target empty.")

    @property
    def aim(self) -> Aim:
        """Return what was written, once it is valid."""
        told = self.cleaned_data
        return Aim(**{**told, "questions": tuple(told["questions"])})


class NeedForm(forms.Form):
    """The one question that a department needs answered."""

    words = forms.CharField(
        label="The one question you need answered",
        max_length=300,
        error_messages={"required": "Write the question in your own words."},
    )


def start_of(objective: Objective | Proposal) -> dict[str, Any]:
    """Return what the form starts with."""
    fields = ("title", "why", "sponsor", "measure", "target", "due_on", "template", "questions")
    return {field: getattr(objective, field, None) for field in fields}
