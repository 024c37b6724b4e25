"""Objectives: what the program wants to learn and reach, and which pulses it asks for that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.partners.models import Department, Need, Objective
from partnerloop.partners.objectives import (
    NothingToApprove,
    approve,
    change_objective,
    close_objective,
    has_approved,
    open_objectives,
    set_objective,
    tell_need,
)
from partnerloop.partners.segmenting import choices
from partnerloop.programs.models import MODES_OFFERED_TODAY
from partnerloop.pulses.drafting import Draft, draft
from partnerloop.pulses.models import Pulse
from partnerloop.pulses.proposals import PROPOSALS, proposal_of
from partnerloop.pulses.templates import template_of
from partnerloop.release.figures import figures
from partnerloop.release.gate import Scope
from partnerloop.web import cards
from partnerloop.web.access import for_members, for_runners
from partnerloop.web.metric_names import MetricNames, metric_names
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.objective_forms import NeedForm, ObjectiveForm, start_of


@dataclass(frozen=True, slots=True)
class Line:
    """An objective with its metric and what the figure is now, in words."""

    objective: Objective
    metric: str
    now: str
    pulses: Sequence[Pulse]


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A department with what it needs to know."""

    department: Department
    need: Need | None
    is_approved: bool
    may_tell: bool


@require_safe
@for_members
def index(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show the objectives, what departments need to know, and proposals."""
    found = open_objectives(member.program)
    taken = {one.title for one in found}
    now, names = _figures_now(member), metric_names(member.program)
    shown = {
        "lines": [_line(one, now, names) for one in found],
        "needs": _needs(member, found),
        "proposals": [one for one in PROPOSALS if one.title not in taken],
    }
    return page(request, member, "workspace/objectives/index.html", shown, here="home")


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def new(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will set an objective; `from` starts it with what a proposal says."""
    proposal = proposal_of(request.GET.get("from", ""))
    start = start_of(proposal) if proposal else None
    form = ObjectiveForm(_given(request), program=member.program, start=start)
    if request.method == "POST" and form.is_valid():
        set_objective(member.program, form.aim, by=member, at=clock.now())
        messages.success(request, "Noted. Departments may approve it now.")
        return redirect("objectives", slug=member.program.slug)
    return _edit(request, member, {"form": form, "objective": None})


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def edit(request: HttpRequest, member: Membership, objective_id: int) -> HttpResponse:
    """This will change an objective."""
    objective = _objective(member, objective_id)
    form = ObjectiveForm(_given(request), program=member.program, start=start_of(objective))
    if request.method == "POST" and form.is_valid():
        change_objective(objective, form.aim, by=member, at=clock.now())
        messages.success(request, "Saved.")
        return redirect("objectives", slug=member.program.slug)
    return _edit(request, member, {"form": form, "objective": objective})


@require_POST
@for_runners
def act(request: HttpRequest, member: Membership, objective_id: int, step: str) -> HttpResponse:
    """This will draft the objective's pulse, or close the objective."""
    objective, at = _objective(member, objective_id), clock.now()
    if step == "close":
        close_objective(objective, by=member, at=at)
        messages.success(request, "Closed. Its pulses stay.")
        return redirect("objectives", slug=member.program.slug)
    if step != "pulse":
        raise Http404
    drafted = draft(_wanted(objective, member), by=member, at=at)
    return redirect("pulse", slug=member.program.slug, pulse_id=drafted.pk)


@require_POST
@for_members
def need(request: HttpRequest, member: Membership, department_id: int, step: str) -> HttpResponse:
    """This will note what a department needs to know, or that it approves the objectives."""
    department = Department.objects.of(member.program).filter(pk=department_id).first()
    if department is None or step not in ("tell", "approve"):
        raise Http404
    if not _may_tell(member, department):
        raise PermissionDenied("This is for the lead of the department, owner and channel chief.")
    if step == "tell":
        form = NeedForm(request.POST)
        if form.is_valid():
            tell_need(department, form.cleaned_data["words"], by=member, at=clock.now())
            messages.success(request, "Noted.")
        else:
            messages.error(request, "Write the question in your own words, 300 letters at most.")
    else:
        try:
            approve(department, by=member, at=clock.now())
            messages.success(request, "Approved.")
        except NothingToApprove as why:
            messages.error(request, str(why))
    return redirect("objectives", slug=member.program.slug)


def _edit(request: HttpRequest, member: Membership, shown: dict[str, Any]) -> HttpResponse:
    status = 400 if request.method == "POST" else 200
    where = "workspace/objectives/edit.html"
    return page(request, member, where, shown, here="home", status=status)


def _given(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _objective(member: Membership, objective_id: int) -> Objective:
    found = Objective.objects.of(member.program).filter(pk=objective_id).first()
    if found is None:
        raise Http404
    return found


def _figures_now(member: Membership) -> dict[str, str]:
    program = member.program
    cells = figures(program, by=member, scope=Scope.program(), at=clock.now())
    names = metric_names(program)
    shown = (cards.shown(cell, names=names) for cell in cells.values())
    return {
        one.measure: f"{one.figure.number} ({one.figure.range})" if one.figure else "not known yet"
        for one in shown
    }


def _line(objective: Objective, now: dict[str, str], names: MetricNames) -> Line:
    pulses = Pulse.objects.of(objective.program_id).filter(objective=objective).order_by("pk")
    metric = names.name(objective.measure) if objective.measure in names else ""
    return Line(objective, metric, now.get(objective.measure, "not measured now"), list(pulses))


def _needs(member: Membership, objectives: list[Objective]) -> list[NeedLine]:
    told = {one.department_id: one for one in Need.objects.of(member.program)}
    rows = Department.objects.of(member.program).select_related("lead__user").order_by("name")
    return [
        NeedLine(
            department,
            told.get(department.pk),
            is_approved=has_approved(told.get(department.pk), objectives),
            may_tell=_may_tell(member, department),
        )
        for department in rows
    ]


def _may_tell(member: Membership, department: Department) -> bool:
    return member.runs_program or department.lead_id == member.pk


def _wanted(objective: Objective, member: Membership) -> Draft:
    """Return the pulse of an objective: its template's, with the questions it names."""
    program = member.program
    offered = [mode for mode in MODES_OFFERED_TODAY if mode in program.modes_offered]
    template = template_of(objective.template)
    plain = Draft(objective.title, {}, offered, asks_open_question=True)
    if template is not None:
        segments = choices(program, on=clock.now().date())
        plain = template.draft(segments, modes=offered)
    return replace(
        plain, name=objective.title, questions=objective.questions, objective=objective.pk
    )
