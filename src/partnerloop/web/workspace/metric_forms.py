"""What the pages on metrics of a program's own ask for."""

from decimal import Decimal
from typing import Any

from django import forms

from partnerloop.pulses import rewording
from partnerloop.pulses.measuring import LONGEST, Meaning, UnusableMetric, refuse_unusable
from partnerloop.pulses.models import Question
from partnerloop.pulses.rewording import UnusableWords, Words

WEIGHT = {
    "invalid": "Write a number from 0 to 2, such as 0.5.",
    "min_value": "The weight lies between 0 (none) and 2.",
    "max_value": "The weight lies between 0 (none) and 2.",
    "max_decimal_places": "Two digits after the point are enough.",
    "max_digits": "Two digits after the point are enough.",
    "max_whole_digits": "The weight lies between 0 (none) and 2.",
    "required": "Write 0 if it is not to count.",
}


class MeaningForm(forms.Form):
    """The words of a metric in one language."""

    name = forms.CharField(
        label="Name",
        max_length=LONGEST["name"],
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": "Give it a name."},
    )
    definition = forms.CharField(
        label="What it asks",
        max_length=LONGEST["definition"],
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text="One sentence: what the figure is about.",
        error_messages={"required": "Say in one sentence what it asks."},
    )
    low = forms.CharField(
        label="What a low figure means",
        max_length=LONGEST["low"],
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text="A sentence: it is said of partners below 4.",
        error_messages={"required": "Say what a low figure means."},
    )
    high = forms.CharField(
        label="What a high figure means",
        max_length=LONGEST["high"],
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text="A sentence: it is said of partners from 7.5 up.",
        error_messages={"required": "Say what a high figure means."},
    )

    def clean(self) -> None:
        """This will refuse words that cannot stand on a page."""
        super().clean()
        if not self.errors:
            try:
                refuse_unusable(self.meaning)
            except UnusableMetric as why:
                self.add_error(why.field, str(why))

    @property
    def meaning(self) -> Meaning:
        """Return what was written, once it is valid."""
        told = {field: " ".join(self.cleaned_data[field].split()) for field in LONGEST}
        return Meaning(**told)


class WeightForm(forms.Form):
    """How much a metric counts in the composite."""

    weight = forms.DecimalField(
        label="Weight in PartnerScore",
        min_value=0,
        max_value=2,
        max_digits=3,
        decimal_places=2,
        initial=Decimal(0),
        widget=forms.NumberInput(attrs={"step": "0.25", "inputmode": "decimal"}),
        help_text="0: it stands beside PartnerScore. 1: it counts as much as one of the seven.",
        error_messages=WEIGHT,
    )


class MetricForm(MeaningForm, WeightForm):
    """A new metric with the question that measures it."""

    text = forms.CharField(
        label="The question that measures it",
        max_length=rewording.LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="One thing, answered from 0 to 10. {vendor} becomes the name of your company.",
        error_messages={"required": "Write the question."},
    )
    zero = forms.CharField(
        label="What 0 means",
        max_length=rewording.LONGEST["low"],
        error_messages={"required": "Say what this end of the scale means."},
    )
    ten = forms.CharField(
        label="What 10 means",
        max_length=rewording.LONGEST["high"],
        help_text="10 is good.",
        error_messages={"required": "Say what this end of the scale means."},
    )

    field_order = (*LONGEST, "text", "zero", "ten", "weight")

    def clean(self) -> None:
        """This will refuse a question that cannot be asked, too."""
        super().clean()
        if self.errors:
            return
        try:
            rewording.refuse_unusable(
                self.words, kind=Question.Kind.RATED, purpose=Question.Purpose.DIMENSION
            )
        except UnusableWords as why:
            self.add_error({"low": "zero", "high": "ten"}.get(why.field, why.field), str(why))

    @property
    def words(self) -> Words:
        """Return the words of the question, once they are valid."""
        told = self.cleaned_data
        return Words(" ".join(told["text"].split()), told["zero"], told["ten"])


def start_of(meaning: Meaning | None) -> dict[str, Any]:
    """Return what the form of words starts with."""
    return {} if meaning is None else {field: getattr(meaning, field) for field in LONGEST}
