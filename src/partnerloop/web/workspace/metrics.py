"""What the program measures: the eight metrics, and its own, with what PartnerScore is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.pulses.adding import write_question
from partnerloop.pulses.measuring import (
    MOST,
    Meaning,
    UnusableMetric,
    add_metric,
    bring_metric_back,
    describe,
    meaning_of,
    own_meanings,
    retire_metric,
    weigh,
)
from partnerloop.pulses.models import Metric, Question
from partnerloop.release.gate import REASONS, Reason
from partnerloop.scores.carrying import is_behind
from partnerloop.web.access import for_runners
from partnerloop.web.components import ScoreCard
from partnerloop.web.metric_names import metric_names
from partnerloop.web.workspace.bank_preview import as_read, preview
from partnerloop.web.workspace.bank_words import name_of, named_languages
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.metric_forms import MeaningForm, MetricForm, WeightForm, start_of


@dataclass(frozen=True, slots=True)
class Line:
    """A metric in the list, with its share of the composite from 0 to 1."""

    metric: Metric
    name: str
    note: str
    says: str
    share: float
    url: str

    @property
    def is_own(self) -> bool:
        return self.metric.kind == Metric.Kind.OWN


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a metric in one language."""

    code: str
    language: str
    meaning: Meaning


@require_safe
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will list what is measured, and what PartnerScore is made of."""
    lines = _lines(member)
    used = [line for line in lines if line.metric.retired_at is None]
    shown = {
        "built_in": [line for line in used if not line.is_own],
        "own": [line for line in used if line.is_own],
        "retired": [line for line in lines if line.metric.retired_at is not None],
        "most": MOST,
        "is_behind": is_behind(member.program),
    }
    return page(request, member, "workspace/bank/metrics.html", shown, here="pulses")


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def new(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will ask for a metric and its question, show both as they are seen, and keep them."""
    program = member.program
    form = MetricForm(request.POST if request.method == "POST" else None)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and request.POST.get("step") != "preview":
        try:
            kept = _keep(member, form)
        except UnusableMetric as why:
            form.add_error(why.field or None, str(why))
        else:
            messages.success(request, "Kept. It is asked about from the next pulse on.")
            return redirect("metric", slug=program.slug, key=kept.key)
    tried = is_valid and not form.errors
    shown = {
        "form": form,
        "language_name": name_of(program.language),
        "card": _card(form.meaning.name) if tried else None,
        "meaning": form.meaning if tried else None,
        "phone": preview(
            Question(kind=Question.Kind.RATED),
            form.words,
            language=program.language,
            program=program,
        )
        if tried
        else None,
    }
    status = 400 if form.errors else 200
    return page(
        request, member, "workspace/bank/metric_new.html", shown, here="pulses", status=status
    )


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership, key: str) -> HttpResponse:
    """This will show a metric of the program's own: words, questions, weight, retiring."""
    metric = _metric(member, key)
    codes = [metric.language, *metric.words]
    told = [(code, meaning_of(metric, language=code)) for code in codes]
    questions = Question.objects.of(member.program).filter(measure=key).order_by("pk")
    shown = {
        "metric": metric,
        "told": [Told(code, name_of(code), meaning) for code, meaning in told if meaning],
        "lacking": [(code, name) for code, name in named_languages() if code not in codes],
        "questions": [(one, _text(one, member)) for one in questions],
        "weight": WeightForm(initial={"weight": _short(metric)}),
        "share": next(line.share for line in _lines(member) if line.metric == metric),
        "is_behind": is_behind(member.program),
    }
    return page(request, member, "workspace/bank/metric.html", shown, here="pulses")


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def words(request: HttpRequest, member: Membership, key: str, language: str) -> HttpResponse:
    """This will show the words of a metric in one language, and keep changed ones."""
    metric = _metric(member, key)
    last = meaning_of(metric, language=language)
    if last is None and language not in dict(named_languages()):
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = MeaningForm(posted, initial=start_of(last))
    if posted is not None and form.is_valid():
        try:
            describe(metric, form.meaning, language=language, by=member, at=clock.now())
        except UnusableMetric as why:
            form.add_error(why.field or None, str(why))
        else:
            messages.success(request, "Kept.")
            return redirect("metric", slug=member.program.slug, key=key)
    shown = {"metric": metric, "form": form, "code": language, "language": name_of(language)}
    status = 400 if form.errors else 200
    return page(
        request, member, "workspace/bank/metric_words.html", shown, here="pulses", status=status
    )


@require_POST
@for_runners
def act(request: HttpRequest, member: Membership, key: str, step: str) -> HttpResponse:
    """This will weigh a metric, retire it, or bring it back."""
    metric, at = _metric(member, key), clock.now()
    try:
        match step:
            case "weigh":
                form = WeightForm(request.POST)
                if not form.is_valid():
                    raise UnusableMetric("weight", str(form.errors["weight"][0]))
                weigh(metric, form.cleaned_data["weight"], by=member, at=at)
                messages.success(request, "Kept. PartnerScore is computed anew.")
            case "retire":
                retire_metric(metric, by=member, at=at)
                messages.success(request, "Retired: nobody is asked about it. Its answers stay.")
            case "bring-back":
                bring_metric_back(metric, by=member, at=at)
                messages.success(request, "Back, with all its answers.")
            case _:
                raise Http404
    except UnusableMetric as why:
        messages.error(request, str(why))
    return redirect("metric", slug=member.program.slug, key=key)


@transaction.atomic
def _keep(member: Membership, form: MetricForm) -> Metric:
    program, at = member.program, clock.now()
    language = program.language
    metric = add_metric(
        program,
        form.meaning,
        weight=form.cleaned_data["weight"],
        language=language,
        by=member,
        at=at,
    )
    shape = {"kind": Question.Kind.RATED, "reversed": False, "roles": (), "metric": metric.key}
    write_question(program, form.words, shape=shape, language=language, by=member, at=at)
    return metric


def _metric(member: Membership, key: str) -> Metric:
    rows = Metric.objects.of(member.program).filter(kind=Metric.Kind.OWN, key=key)
    found = rows.select_related("program").first()
    if found is None:
        raise Http404
    return found


def _lines(member: Membership) -> Sequence[Line]:
    program = member.program
    names, own = metric_names(program), own_meanings(program)
    rows = list(Metric.objects.of(program))
    counted = [one for one in rows if one.kind != Metric.Kind.COMPOSITE and not one.retired_at]
    total = float(sum(one.weight for one in counted)) or 1.0
    return [
        Line(
            one,
            *names.name_and_note(one.key),
            _says(one, own),
            float(one.weight) / total if one in counted else 0.0,
            reverse("metric", args=[program.slug, one.key]) if one.kind == Metric.Kind.OWN else "",
        )
        for one in rows
    ]


def _says(metric: Metric, own: Mapping[str, Meaning]) -> str:
    """Return what a metric asks; of the composite the bank says that all weigh the same."""
    if metric.kind == Metric.Kind.COMPOSITE:
        return "All of it in one figure, by the shares that stand beside each."
    return own[metric.key].definition if metric.key in own else metric.definition


def _card(name: str) -> ScoreCard:
    """Return a card as the first screen would show it before anybody has answered."""
    return ScoreCard(name=name, url="", hidden=REASONS[Reason.TOO_FEW_YET])


def _text(question: Question, member: Membership) -> str:
    newest = question.wordings.order_by("-version").first()
    return as_read(newest.text, program=member.program) if newest else question.key


def _short(metric: Metric) -> str:
    return f"{metric.weight.normalize():f}"
