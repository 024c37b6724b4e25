"""How often people are asked and how soon they are answered: what respondents read as figures."""

from collections.abc import Mapping
from typing import Any

from django import forms

from partnerloop.programs.models import Program
from partnerloop.programs.tuning import LEAST_DAYS_BETWEEN, MOST_ASKS_A_YEAR, MOST_HOURS, Asking

WHOLE = {"invalid": "Write a whole number."}


class AskingForm(forms.Form):
    """The contact budget of each person, and the time in which feedback is answered."""

    asks_every_days = forms.IntegerField(
        label="Days between two asks",
        min_value=LEAST_DAYS_BETWEEN,
        max_value=365,
        help_text="Nobody is asked again sooner, by whatever pulse. Who wants longer gets longer.",
        error_messages={
            **WHOLE,
            "min_value": f"Not less than {LEAST_DAYS_BETWEEN} days: people tire of being asked.",
            "max_value": "Not more than 365 days.",
        },
    )
    asks_a_year = forms.IntegerField(
        label="Asks a year",
        min_value=1,
        max_value=MOST_ASKS_A_YEAR,
        help_text="The most that one person is asked in 365 days, all pulses together.",
        error_messages={
            **WHOLE,
            "min_value": "At least one, or nobody is ever asked.",
            "max_value": f"Not more than {MOST_ASKS_A_YEAR} a year: people tire of being asked.",
        },
    )
    answer_within_hours = forms.IntegerField(
        label="Answer feedback within hours",
        min_value=1,
        max_value=MOST_HOURS,
        help_text="What people say is due after so many hours. What is open keeps its own time.",
        error_messages={
            **WHOLE,
            "min_value": "At least one hour.",
            "max_value": f"Not more than {MOST_HOURS} hours, which is two weeks.",
        },
    )

    def __init__(self, given: Mapping[str, Any] | None, *, program: Program) -> None:
        fields = ("asks_every_days", "asks_a_year", "answer_within_hours")
        start = {field: getattr(program, field) for field in fields}
        super().__init__(given, initial=start, prefix="asking")

    @property
    def asking(self) -> Asking:
        """Return what was written, once it is valid."""
        return Asking(**self.cleaned_data)
