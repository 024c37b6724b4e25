"""What a pulse after an event needs: which event, how long after it, what to ask of how many."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from partnerloop.loop.occasions import Listening
from partnerloop.partners.models import EventKind, event_label
from partnerloop.programs.models import Program
from partnerloop.web.workspace.pulse_form import items_of

OWN = "own"
MOST_QUESTIONS = 2
EVENT = re.compile(r"[a-z][a-z0-9_-]{1,39}")


class EventPulseForm(forms.Form):
    """When this event arrives, ask these questions so many days later."""

    on_event = forms.ChoiceField(
        label="When this event arrives", choices=[*EventKind.choices, (OWN, "One of your own")]
    )
    own_event = forms.CharField(
        label="Its name, if it is one of your own",
        required=False,
        max_length=40,
        help_text="As your systems send it: small letters, digits, _ and -, such as demo_given.",
    )
    after_days = forms.IntegerField(
        label="Ask so many days later",
        min_value=0,
        max_value=365,
        initial=7,
        error_messages={
            "required": "Write a number of days; 0 asks at once.",
            "invalid": "Write a whole number of days; 0 asks at once.",
            "min_value": "Nobody can be asked before it happened; 0 asks at once.",
            "max_value": "After more than a year nobody remembers; choose fewer days.",
        },
    )
    people_to_ask = forms.IntegerField(
        label="How many people, where the event names nobody",
        min_value=1,
        max_value=5,
        initial=1,
        help_text="Drawn by chance among those who work there, each with the same chance.",
        error_messages={
            "required": "Ask at least one person.",
            "invalid": "Write a whole number.",
            "min_value": "Ask at least one person.",
            "max_value": "Five people of one company are enough for one event.",
        },
    )
    questions = forms.MultipleChoiceField(
        label="Ask these",
        widget=forms.CheckboxSelectMultiple,
        help_text="One or two. The overall question comes first, as in every pulse.",
        error_messages={"required": "Choose one or two questions."},
    )

    def __init__(
        self, given: Mapping[str, Any] | None, *, program: Program, event: str = ""
    ) -> None:
        super().__init__(given)
        if EVENT.fullmatch(event):  # a page that leads here says which event it is about
            self.initial = {"on_event": OWN, "own_event": event, "after_days": 0}
        questions = self.fields["questions"]
        assert isinstance(questions, forms.MultipleChoiceField)
        questions.choices = items_of(program)

    def clean_questions(self) -> list[str]:
        """Take two at most: three ratings are a minute."""
        chosen: list[str] = self.cleaned_data["questions"]
        if len(chosen) > MOST_QUESTIONS:
            raise forms.ValidationError("Choose two at most: with the overall one that is three.")
        return chosen

    def clean(self) -> dict[str, Any]:
        """Take the own name where one was asked for."""
        told = super().clean() or {}
        if told.get("on_event") == OWN:
            name = told.get("own_event", "").strip()
            if EVENT.fullmatch(name):
                told["on_event"] = name
            else:
                self.add_error("own_event", "Write its name as your systems send it: demo_given.")
        return told

    @property
    def wanted(self) -> Listening:
        """Return what was written, once it is valid."""
        told = self.cleaned_data
        days = told["after_days"]
        label = event_label(told["on_event"])
        return Listening(
            name=f"{label}, {days} days later" if days else f"{label}, at once",
            on_event=told["on_event"],
            after_days=days,
            questions=told["questions"],
            people=told["people_to_ask"],
        )
