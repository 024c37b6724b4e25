"""Writing a question of the program's own: looked at as respondents see it, then kept."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.partners.models import ContactRole
from partnerloop.programs.models import Program
from partnerloop.pulses.adding import UnusableShape, purpose_of, refuse_shape, write_question
from partnerloop.pulses.models import Metric, Question
from partnerloop.pulses.rewording import LONGEST, UnusableWords, Words, refuse_unusable
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.bank_preview import preview
from partnerloop.web.workspace.bank_words import name_of
from partnerloop.web.workspace.frame import page


class QuestionForm(forms.Form):
    """What is asked, how it is answered, and of whom."""

    text = forms.CharField(
        label="Question",
        max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="One thing only. {vendor} becomes the name of your company.",
        error_messages={"required": "Write the question."},
    )
    metric = forms.ChoiceField(
        label="Measures",
        required=False,
        help_text="With a metric it is asked in turn; without one where a pulse names it.",
        error_messages={"invalid_choice": "Choose one of your own metrics, or none."},
    )
    kind = forms.ChoiceField(
        label="Answered",
        choices=[("rated", "From 0 to 10, or “I can’t judge this”"), ("open", "In their words")],
    )
    low = forms.CharField(
        label="What 0 means", max_length=LONGEST["low"], required=False, help_text="If it is rated."
    )
    high = forms.CharField(
        label="What 10 means",
        max_length=LONGEST["high"],
        required=False,
        help_text="If it is rated.",
    )
    follows = forms.ChoiceField(
        label="Asked after",
        required=False,
        choices=[("", "Nothing in particular"), ("low", "A low score"), ("high", "A high score")],
        help_text="If it is answered in words and belongs to a metric.",
    )
    reversed = forms.BooleanField(
        label="10 is bad", required=False, help_text="The score is turned round when it is counted."
    )
    roles = forms.MultipleChoiceField(
        label="For",
        required=False,
        choices=ContactRole.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: for every role.",
    )

    def __init__(self, given: Mapping[str, Any] | None, *, program: Program, metric: str) -> None:
        super().__init__(given, initial={"metric": metric})
        rows = Metric.objects.of(program).measured().filter(kind=Metric.Kind.OWN)
        own = list(rows.values_list("key", "name"))
        if own:
            metrics = self.fields["metric"]
            assert isinstance(metrics, forms.ChoiceField), "as it stands above"
            metrics.choices = [("", "No metric"), *own]
        else:
            del self.fields["metric"], self.fields["follows"]

    def clean(self) -> None:
        """This will refuse what cannot be asked."""
        super().clean()
        if self.errors:
            return
        try:
            refuse_unusable(self.words, kind=self.shape["kind"], purpose=purpose_of(self.shape))
        except UnusableWords as why:
            self.add_error(why.field, str(why))
        try:
            refuse_shape(self.shape)
        except UnusableShape as why:
            self.add_error(why.field, str(why))

    @property
    def words(self) -> Words:
        """Return what was written, once it is valid."""
        told = self.cleaned_data
        return Words(" ".join(told["text"].split()), told["low"], told["high"])

    @property
    def shape(self) -> Mapping[str, Any]:
        """Return what the question is, apart from its words."""
        told = self.cleaned_data
        measured = {key: told.get(key, "") for key in ("metric", "follows")}
        return {key: told[key] for key in ("kind", "reversed", "roles")} | measured


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def new(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will ask for a question, show it as respondents would see it, and keep it."""
    program = member.program
    posted = request.POST if request.method == "POST" else None
    form = QuestionForm(posted, program=program, metric=request.GET.get("metric", ""))
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and request.POST.get("step") != "preview":
        kept = write_question(
            program,
            form.words,
            shape=form.shape,
            language=program.language,
            by=member,
            at=clock.now(),
        )
        measures = bool(form.shape["metric"])
        told = "It is asked in turn." if measures else "Name it in a pulse to ask it."
        messages.success(request, f"Kept. {told}")
        return redirect("question", slug=program.slug, question_id=kept.pk)
    tried = None
    if is_valid:
        drawn = Question(kind=form.shape["kind"])
        tried = preview(drawn, form.words, language=program.language, program=program)
    shown = {"form": form, "tried": tried, "language_name": name_of(program.language)}
    status = 400 if form.errors else 200
    return page(request, member, "workspace/bank/new.html", shown, here="pulses", status=status)
