"""The import wizard: a file, its columns, a dry run, and only then saving; undone for 30 days.

One address shows a run as it stands; one takes each step. The domain does the work.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.partners.importing.beginning import (
    CHOICES,
    ColumnsMissing,
    NotNow,
    Upload,
    begin,
    change_kind,
    forget,
    name_columns,
    save_template,
    tell_twins_apart,
)
from partnerloop.partners.importing.correcting import Correction, correct, leave_out
from partnerloop.partners.importing.running import (
    is_stuck,
    start_again,
    start_check,
    start_save,
    start_undo,
)
from partnerloop.partners.importing.saving import DELETED
from partnerloop.partners.importing.tables import UnreadableFile
from partnerloop.partners.models import (
    ImportedChange,
    ImportKind,
    ImportRun,
    ImportState,
    ImportTemplate,
    Partner,
)
from partnerloop.web import exporting
from partnerloop.web.access import for_runners
from partnerloop.web.workspace import importing_shown as shown
from partnerloop.web.workspace.frame import fragment, page
from partnerloop.web.workspace.importing_problems import problem_rows
from partnerloop.web.workspace.people_contacts import pager
from partnerloop.web.workspace.sheets_people import of_imports

A_PAGE = 20
ONE_AT_A_TIME = "Choose one file at a time: each is checked on its own."


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def upload(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will ask for a file, and take it in."""
    if to := exporting.wanted(request):
        at = clock.now()
        table = of_imports(shown.past(member.program, at=at))
        return exporting.exported(request, member, table, to=to, at=at)
    if request.method != "POST":
        return _ask(request, member)
    files = request.FILES.getlist("file")
    if len(files) != 1:
        return _ask(request, member, error=ONE_AT_A_TIME if files else "Choose a file first.")
    try:
        run = _begun(request, member, files[0])
    except UnreadableFile as why:
        return _ask(request, member, error=str(why))
    return redirect("import-run", slug=member.program.slug, run_id=run.pk)


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership, run_id: UUID) -> HttpResponse:
    """This will show a run as it stands: columns, progress, rows to check, result."""
    run = _run(member, run_id)
    if run.state in (ImportState.CHECKING, ImportState.SAVING, ImportState.UNDOING):
        if request.headers.get("HX-Request"):
            told = {"run": run, "progress": shown.progress(run)}
            return fragment(request, member, "workspace/_import_progress.html", told)
        told = {"progress": shown.progress(run), "is_stuck": is_stuck(run)}
        return _page(request, member, "progress", run, told)
    if request.headers.get("HX-Request"):  # the long step has ended: show the whole page anew
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    wanted = request.GET.get("step", "")
    if run.state == ImportState.UPLOADED or (
        run.state == ImportState.CHECKED and wanted == "columns"
    ):
        return _columns(request, member, run)
    if run.state == ImportState.CHECKED:
        return _check(request, member, run, wanted=wanted)
    return _result(request, member, run)


@require_POST
@for_runners
def act(request: HttpRequest, member: Membership, run_id: UUID, step: str) -> HttpResponse:
    """This will take one step of a run and show where it stands then."""
    run = _run(member, run_id)
    if step not in ACTS:
        raise Http404
    try:
        answer = ACTS[step](request, member, run)
    except NotNow as why:
        messages.warning(request, str(why))
        answer = None
    return answer or redirect("import-run", slug=member.program.slug, run_id=run.pk)


@require_safe
@for_runners
def problems(request: HttpRequest, member: Membership, run_id: UUID) -> HttpResponse:
    """This will hand out the rows that are left out, with the reasons, as a file."""
    run = _run(member, run_id)
    text = problem_rows(run)
    if text is None:
        raise Http404
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rows-to-correct.csv"'
    return response


Act = Callable[[HttpRequest, Membership, ImportRun], HttpResponse | None]


def _name(request: HttpRequest, member: Membership, run: ImportRun) -> HttpResponse | None:
    at = clock.now()
    kind = request.POST.get("kind", run.kind)
    if kind != run.kind and kind in ImportKind.values:
        change_kind(run, ImportKind(kind))
        return None
    mapping = [request.POST.get(f"column-{n}", "") for n in range(len(run.header))]
    choices = {key: request.POST[key] for key in CHOICES if key in request.POST}
    source = request.POST.get("source", run.source)
    try:
        name_columns(run, mapping, choices=choices, source=source)
    except ColumnsMissing as why:
        return _columns(request, member, run, error=str(why))
    if request.POST.get("template", "").strip():
        save_template(run, request.POST["template"], at=at)
    start_check(run, by=member, at=at)
    return None


def _tell_apart(request: HttpRequest, member: Membership, run: ImportRun) -> None:
    tell_twins_apart(run, request.POST.get("name", ""), answer=request.POST.get("answer", ""))
    start_check(run, by=member, at=clock.now())


def _again(request: HttpRequest, member: Membership, run: ImportRun) -> None:
    start_check(run, by=member, at=clock.now())


def _fix(request: HttpRequest, member: Membership, run: ImportRun) -> None:
    row = request.POST.get("row", "")
    given = Correction(
        row=int(row) if row.isdecimal() and len(row) < 9 else 0,
        column=request.POST.get("column", ""),
        value=request.POST.get("value", ""),
        everywhere=request.POST.get("where") == "everywhere",
    )
    if correct(run, given):
        start_check(run, by=member, at=clock.now())


def _without(request: HttpRequest, member: Membership, run: ImportRun) -> HttpResponse | None:
    try:
        leave_out(run, request.POST.get("column", ""))
    except ColumnsMissing as why:
        return _columns(request, member, run, error=str(why))
    start_check(run, by=member, at=clock.now())
    return None


def _resume(request: HttpRequest, member: Membership, run: ImportRun) -> None:
    start_again(run, at=clock.now())


def _confirm(request: HttpRequest, member: Membership, run: ImportRun) -> None:
    start_save(run, by=member, at=clock.now())


def _undo(request: HttpRequest, member: Membership, run: ImportRun) -> None:
    start_undo(run, by=member, at=clock.now())


def _forget(request: HttpRequest, member: Membership, run: ImportRun) -> HttpResponse:
    forget(run)
    messages.success(request, "The file is deleted. Nothing was saved.")
    return redirect("import", slug=member.program.slug)


ACTS: dict[str, Act] = {
    "columns": _name,
    "twin": _tell_apart,
    "check": _again,
    "fix": _fix,
    "without": _without,
    "resume": _resume,
    "confirm": _confirm,
    "undo": _undo,
    "forget": _forget,
}


def _run(member: Membership, run_id: UUID) -> ImportRun:
    run = ImportRun.objects.of(member.program).filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run


def _begun(request: HttpRequest, member: Membership, file: "UploadedFile[Any]") -> ImportRun:
    kind = request.POST.get("kind", "")
    number = request.POST.get("template", "")
    templates = ImportTemplate.objects.of(member.program)
    template = templates.filter(pk=number).first() if number.isdecimal() else None
    known = ImportKind(kind) if kind in ImportKind.values else None

    def taken(path: str) -> ImportRun:
        given = Upload(Path(path), file.name or "file", kind=known, template=template)
        return begin(member.program, given, by=member, at=clock.now())

    if isinstance(file, TemporaryUploadedFile):
        return taken(file.temporary_file_path())
    with tempfile.NamedTemporaryFile() as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return taken(kept.name)


def _ask(request: HttpRequest, member: Membership, *, error: str = "") -> HttpResponse:
    program = member.program
    past = Paginator(shown.past(program, at=clock.now()), A_PAGE)
    runs = past.get_page(request.GET.get("page", "1"))
    told = {
        "steps": shown.steps("File"),
        "error": error,
        "kinds": ImportKind.choices,
        "templates": ImportTemplate.objects.of(program).order_by("name"),
        "runs": runs,
        "pager": pager(runs, label="Pages of imports", kept={}),
        "has_partners": Partner.objects.of(program).exists(),
    }
    status = 400 if error else 200
    return page(request, member, "workspace/import.html", told, here="import", status=status)


def _columns(
    request: HttpRequest, member: Membership, run: ImportRun, *, error: str = ""
) -> HttpResponse:
    told = {"columns": shown.columns(run), "kinds": ImportKind.choices, "error": error}
    status = 400 if error else 200
    return _page(request, member, "columns", run, {**told, **shown.questions(run)}, status=status)


def _check(
    request: HttpRequest, member: Membership, run: ImportRun, *, wanted: str
) -> HttpResponse:
    checked = shown.checked(run, show=request.GET.get("show", ""), whole="all" in request.GET)
    if checked is None:
        return _ask(request, member, error=DELETED)
    step = "confirm" if wanted == "confirm" and checked.finding.ready else "check"
    return _page(request, member, step, run, {"checked": checked, "finding": checked.finding})


def _result(request: HttpRequest, member: Membership, run: ImportRun) -> HttpResponse:
    changes = ImportedChange.objects.of(member.program).filter(run=run)
    told = {"result": shown.result(run, changes, at=clock.now()), "program": member.program}
    return _page(request, member, "result", run, told)


def _page(
    request: HttpRequest,
    member: Membership,
    name: str,
    run: ImportRun,
    told: dict[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    template = f"workspace/import_{name}.html"
    around = {"run": run, "steps": shown.steps(name.capitalize(), run=run)}
    return page(request, member, template, {**around, **told}, here="import", status=status)
