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
from partnerloop.pulses.adding import write_question
from partnerloop.pulses.models import Question
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

    def clean(self) -> None:
        """This will refuse what cannot be asked."""
        super().clean()
        if self.errors:
            return
        try:
            refuse_unusable(self.words, kind=self.shape["kind"], purpose=Question.Purpose.OWN)
        except UnusableWords as why:
            self.add_error(why.field, str(why))
        if self.shape["reversed"] and self.shape["kind"] == Question.Kind.OPEN:
            self.add_error("reversed", "An open question has no scale to turn round.")

    @property
    def words(self) -> Words:
        """Return what was written, once it is valid."""
        told = self.cleaned_data
        return Words(" ".join(told["text"].split()), told["low"], told["high"])

    @property
    def shape(self) -> Mapping[str, Any]:
        """Return what the question is, apart from its words."""
        return {key: self.cleaned_data[key] for key in ("kind", "reversed", "roles")}


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def new(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will ask for a question, show it as respondents would see it, and keep it."""
    program = member.program
    form = QuestionForm(request.POST if request.method == "POST" else None)
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
        messages.success(request, "Kept. Name it in a pulse to ask it.")
        return redirect("question", slug=program.slug, question_id=kept.pk)
    tried = None
    if is_valid:
        drawn = Question(kind=form.shape["kind"])
        tried = preview(drawn, form.words, language=program.language, program=program)
    shown = {"form": form, "tried": tried, "language_name": name_of(program.language)}
    status = 400 if form.errors else 200
    return page(request, member, "workspace/bank/new.html", shown, here="pulses", status=status)
