"""What a new pulse needs: a name, an audience by segment, the modes it offers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from partnerloop.partners.models import SegmentKey
from partnerloop.partners.segmenting import choices
from partnerloop.planning.shelf import CHOSEN, NOT_FOR_PARTNERS
from partnerloop.programs.models import MODES_OFFERED_TODAY, Program
from partnerloop.pulses.drafting import Draft
from partnerloop.pulses.models import Question
from partnerloop.pulses.wording import askable, languages_for, with_vendor, words_for

KEYS = (SegmentKey.TYPE, SegmentKey.TIER, SegmentKey.REGION, SegmentKey.COUNTRY, SegmentKey.STAGE)


class PulseForm(forms.Form):
    """A draft: nobody is asked before its preview has been sent."""

    name = forms.CharField(
        label="Name",
        max_length=120,
        help_text="For your colleagues; respondents don't see it.",
        error_messages={"required": "Give the pulse a name."},
    )
    asks_open_question = forms.BooleanField(
        label="Ask for one line of text as well",
        required=False,
        initial=True,
        help_text="At most one open question; every comment needs an answer from you.",
    )
    people_to_ask = forms.IntegerField(
        label="How many people to ask",
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=(
            "Empty asks everybody who may be asked. With a number, so many are drawn by chance."
        ),
        error_messages={
            "invalid": "Write a whole number, or leave it empty to ask everybody.",
            "min_value": "Ask at least one person, or leave it empty to ask everybody.",
            "max_value": "Ask a million people at most, or leave it empty to ask everybody.",
        },
    )
    every_days = forms.TypedChoiceField(
        label="How often",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", "Once"),
            ("14", "Every two weeks"),
            ("31", "Every month"),
            ("91", "Every quarter"),
            ("182", "Every half year"),
            ("365", "Every year"),
        ],
        help_text="Each round draws anew, within the contact budget, until you stop it.",
    )
    questions = forms.MultipleChoiceField(
        label="Ask this as well",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    modes = forms.MultipleChoiceField(
        label="How people may answer",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Offer at least one way to answer."},
    )

    def __init__(self, given: Mapping[str, Any] | None, *, program: Program, on: date) -> None:
        super().__init__(given)
        offered = [mode for mode in MODES_OFFERED_TODAY if mode in program.modes_offered]
        modes = self.fields["modes"]
        assert isinstance(modes, forms.MultipleChoiceField)
        modes.choices = [(mode.value, mode.label) for mode in offered]
        modes.initial = [mode.value for mode in offered]
        questions = self.fields["questions"]
        assert isinstance(questions, forms.MultipleChoiceField)
        questions.choices = items_of(program)
        found = choices(program, on=on)
        for key in KEYS:
            if found.get(key):
                self.fields[f"in_{key}"] = forms.MultipleChoiceField(
                    label=key.label,
                    required=False,
                    choices=[(value, value) for value in found[key]],
                    widget=forms.CheckboxSelectMultiple,
                )

    @property
    def audience(self) -> list[forms.BoundField]:
        """Return the fields that narrow the audience."""
        return [self[name] for name in self.fields if name.startswith("in_")]

    @property
    def draft(self) -> Draft:
        """Return what was written, once it is valid."""
        told = self.cleaned_data
        return Draft(
            name=told["name"],
            audience={key: told.get(f"in_{key}", []) for key in KEYS},
            modes=told["modes"],
            asks_open_question=told["asks_open_question"],
            people_to_ask=told["people_to_ask"],
            questions=told["questions"],
            every_days=told["every_days"],
        )


def items_of(program: Program) -> list[tuple[str, str]]:
    """This will list the items that a pulse may name, in the program's words."""
    rows = Question.objects.of(program).filter(retired_at__isnull=True)
    rows = rows.filter(pk__in=askable(program))
    rows = rows.exclude(purpose__in=(*CHOSEN, *NOT_FOR_PARTNERS)).order_by("pk")
    words = words_for(
        list(rows.values_list("pk", flat=True)), program=program, languages=languages_for(program)
    )
    return [
        (question.key, with_vendor(words[question.pk].text, vendor=program.vendor_name))
        for question in rows
    ]
