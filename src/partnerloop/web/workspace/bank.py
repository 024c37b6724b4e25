"""The question bank of a program: all questions by kind, and each as a respondent sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.pulses.models import Metric, Question, Wording
from partnerloop.pulses.retiring import NeededQuestion, bring_back, refuse_needed, retire
from partnerloop.pulses.rewording import words_of
from partnerloop.pulses.wording import languages_for, newest_wordings
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.bank_figures import answers_to
from partnerloop.web.workspace.bank_preview import Preview, as_read, preview
from partnerloop.web.workspace.bank_words import name_of, named_languages, subject
from partnerloop.web.workspace.frame import page


@dataclass(frozen=True, slots=True)
class Line:
    """A question in the list, in the program's own language where it has words in it."""

    question: Question
    text: str
    about: str
    is_reworded: bool
    figure: str


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one dimension or one purpose."""

    title: str
    note: str
    lines: Sequence[Line]


@require_safe
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will list all questions by kind; `kind` keeps one kind, `q` those with these words."""
    kind, sought = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    purposes = dict(Question.Purpose.choices)
    if kind not in purposes:
        kind = ""
    lines = [
        line
        for line in _lines(member)
        if (not kind or line.question.purpose == kind)
        and (not sought or sought.lower() in line.text.lower())
    ]
    used = set(Question.objects.of(member.program).values_list("purpose", flat=True))
    shown = {
        "groups": _groups(member, lines),
        "kinds": [(key, label) for key, label in purposes.items() if key in used],
        "kind": kind,
        "sought": sought,
        "number": len(lines),
    }
    return page(request, member, "workspace/bank/index.html", shown, here="pulses")


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership, question_id: int) -> HttpResponse:
    """This will show a question as a respondent sees it, in each language, with its versions."""
    question = question_of(member, question_id)
    rows = Wording.objects.of(member.program).filter(question=question)
    versions = list(rows.order_by("language", "-version"))
    newest: dict[str, Wording] = {}
    first = languages_for(member.program)
    for wording in sorted(versions, key=lambda one: one.language not in first):
        newest.setdefault(wording.language, wording)
    shown = {
        "question": question,
        "name": _text(question, newest, member),
        "subject": subject(question),
        "previews": [_preview(question, wording, member) for wording in newest.values()],
        "lacking": [(code, name) for code, name in named_languages() if code not in newest],
        "versions": [(name_of(one.language), one) for one in versions],
        "needed": _why_needed(question),
        "answers": next(iter(answers_to(member, [question])), None),
    }
    return page(request, member, "workspace/bank/question.html", shown, here="pulses")


@require_POST
@for_runners
def act(request: HttpRequest, member: Membership, question_id: int, step: str) -> HttpResponse:
    """This will retire a question, or bring it back."""
    question = question_of(member, question_id)
    if step not in ("retire", "bring-back"):
        raise Http404
    try:
        if step == "retire":
            retire(question, by=member, at=clock.now())
            messages.success(request, "Retired: nobody is asked it any more. Its answers count.")
        else:
            bring_back(question, by=member, at=clock.now())
            messages.success(request, "It can be asked again.")
    except NeededQuestion as why:
        messages.error(request, str(why))
    return redirect("question", slug=member.program.slug, question_id=question.pk)


def question_of(member: Membership, question_id: int) -> Question:
    """Return a question of the member's program, or raise Http404."""
    rows = Question.objects.of(member.program).select_related("metric", "program")
    found = rows.filter(pk=question_id).first()
    if found is None:
        raise Http404
    return found


def _lines(member: Membership) -> list[Line]:
    words: dict[int, Wording] = {}
    for language in reversed(languages_for(member.program)):
        words |= newest_wordings(member.program, language=language)
    rows = Question.objects.of(member.program).select_related("metric").order_by("pk")
    figures = {
        one.measure: f"{one.figure.number} ({one.figure.range})"
        for one in answers_to(member, rows)
        if one.figure
    }
    return [
        Line(
            question,
            as_read(words[question.pk].text, program=member.program)
            if question.pk in words
            else question.key,
            subject(question),
            question.pk in words and words[question.pk].bank_version is None,
            figures.get(question.measure, "") if question.kind == Question.Kind.RATED else "",
        )
        for question in rows
    ]


def _groups(member: Membership, lines: Sequence[Line]) -> list[Group]:
    """Return the lines under their dimensions, then under what else they are for."""
    groups = []
    for metric in Metric.objects.of(member.program):
        inside = [
            line
            for line in lines
            if line.question.purpose == Question.Purpose.DIMENSION
            and line.question.measure == metric.key
        ]
        groups.append(Group(metric.name, metric.definition, inside))
    for purpose, label in Question.Purpose.choices:
        if purpose != Question.Purpose.DIMENSION:
            inside = [line for line in lines if line.question.purpose == purpose]
            groups.append(Group(label, NOTES.get(purpose, ""), inside))
    return [group for group in groups if group.lines]


NOTES = {
    "overall": "One of these is in every pulse.",
    "driver": "Asked where a pulse names them; they enter no dimension.",
    "event": "Some weeks after the event.",
    "touchpoint": "Where partners work with you.",
    "outlook": "What partners lack, want and expect.",
    "comparison": "For partners who sell other vendors too.",
    "customer": "For customers of partners.",
    "prediction": "For your partner managers, before they see a figure.",
    "mirror": "For your partner managers: the same as partners are asked.",
    "own": "Written in this program.",
}


def _preview(question: Question, wording: Wording, member: Membership) -> Preview:
    return preview(question, words_of(wording), language=wording.language, program=member.program)


def _text(question: Question, newest: dict[str, Wording], member: Membership) -> str:
    for language in (*languages_for(member.program), *newest):
        if language in newest:
            return as_read(newest[language].text, program=member.program)
    return question.key


def _why_needed(question: Question) -> str:
    try:
        refuse_needed(question)
    except NeededQuestion as why:
        return str(why)
    return ""
