"""Changing the words of a question: a new version, seen as respondents see it before it counts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.pulses.models import Question
from partnerloop.pulses.rewording import (
    LONGEST,
    UnusableWords,
    Words,
    in_the_bank,
    newest,
    refuse_unusable,
    reword,
    words_of,
)
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.bank import question_of
from partnerloop.web.workspace.bank_preview import preview
from partnerloop.web.workspace.bank_words import name_of, named_languages
from partnerloop.web.workspace.frame import page


class WordsForm(forms.Form):
    """The words of one question in one language."""

    text = forms.CharField(
        label="Question",
        max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="{vendor} becomes the name of your company.",
        error_messages={"required": "Write the question."},
    )
    low = forms.CharField(
        label="What 0 means",
        max_length=LONGEST["low"],
        error_messages={"required": "Say what this end of the scale means."},
    )
    high = forms.CharField(
        label="What 10 means",
        max_length=LONGEST["high"],
        error_messages={"required": "Say what this end of the scale means."},
    )

    def __init__(
        self, given: Mapping[str, Any] | None, *, kind: str, purpose: str, words: Words | None
    ) -> None:
        start = {"text": words.text, "low": words.low, "high": words.high} if words else None
        super().__init__(given, initial=start)
        self.kind, self.purpose = kind, purpose
        if kind == Question.Kind.OPEN:
            del self.fields["low"], self.fields["high"]

    def clean(self) -> None:
        """This will refuse what cannot be asked."""
        super().clean()
        if self.errors:
            return
        try:
            refuse_unusable(self.words, kind=self.kind, purpose=self.purpose)
        except UnusableWords as why:
            self.add_error(why.field, str(why))

    @property
    def words(self) -> Words:
        """Return what was written, once it is valid."""
        told = self.cleaned_data
        return Words(" ".join(told["text"].split()), told.get("low", ""), told.get("high", ""))


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def edit(request: HttpRequest, member: Membership, question_id: int, language: str) -> HttpResponse:
    """This will show the words in one language, preview changed ones, and keep them."""
    question = question_of(member, question_id)
    last = newest(question, language=language)
    if last is None and language not in dict(named_languages()):
        raise Http404
    posted = request.POST if request.method == "POST" else None
    start = words_of(last) if last else None
    form = WordsForm(posted, kind=question.kind, purpose=question.purpose, words=start)
    valid = posted is not None and form.is_valid()
    if valid and request.POST.get("step") != "preview":
        return _keep(request, member, question, form.words, language=language)
    built_in = in_the_bank(question.key, language=language)
    tried = form.words if valid else start
    shown = {
        "question": question,
        "language": language,
        "language_name": name_of(language),
        "form": form,
        "last": last,
        "tried": preview(question, tried, language=language, program=member.program)
        if tried
        else None,
        "is_changed": valid,
        "built_in": built_in if built_in and words_of(built_in) != start else None,
    }
    status = 400 if form.errors else 200
    return page(request, member, "workspace/bank/edit.html", shown, here="pulses", status=status)


def _keep(
    request: HttpRequest, member: Membership, question: Question, words: Words, *, language: str
) -> HttpResponse:
    before = newest(question, language=language)
    kept = reword(question, words, language=language, by=member, at=clock.now())
    if before is not None and kept.pk == before.pk:
        messages.info(request, "These are the words that are in use already.")
    else:
        messages.success(request, f"Kept as version {kept.version}, asked from now on.")
    return redirect("question", slug=member.program.slug, question_id=question.pk)
