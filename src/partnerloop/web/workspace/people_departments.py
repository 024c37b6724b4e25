"""Departments: who leads them, and how much they can answer in a week."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.partners.departments import DepartmentExists, describe, found
from partnerloop.partners.models import Department
from partnerloop.web import exporting
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.people_forms import DepartmentForm
from partnerloop.web.workspace.sheets_people import of_departments


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will list the departments, and make one."""
    form = DepartmentForm(_given(request), program=member.program)
    if request.method == "POST" and form.is_valid():
        try:
            found(member.program, form.described, by=member, at=clock.now())
        except DepartmentExists as why:
            form.add_error("name", str(why))
        else:
            messages.success(request, "The department can be sent feedback now.")
            return redirect("departments", slug=member.program.slug)
    rows = Department.objects.of(member.program).select_related("lead__user").order_by("name")
    if to := exporting.wanted(request):
        return exporting.exported(request, member, of_departments(rows), to=to, at=clock.now())
    return _page(request, member, {"departments": rows, "form": form}, "departments")


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def edit(request: HttpRequest, member: Membership, department_id: int) -> HttpResponse:
    """This will change a department."""
    rows = Department.objects.of(member.program).select_related("lead__user")
    department = rows.filter(pk=department_id).first()
    if department is None:
        raise Http404
    form = DepartmentForm(_given(request), program=member.program, department=department)
    if request.method == "POST" and form.is_valid():
        try:
            describe(department, form.described, by=member, at=clock.now())
        except DepartmentExists as why:
            form.add_error("name", str(why))
        else:
            messages.success(request, "Saved.")
            return redirect("departments", slug=member.program.slug)
    return _page(request, member, {"department": department, "form": form}, "department")


def _given(request: HttpRequest) -> dict[str, str] | None:
    return request.POST.dict() if request.method == "POST" else None


def _page(
    request: HttpRequest, member: Membership, shown: dict[str, object], template: str
) -> HttpResponse:
    status = 400 if request.method == "POST" else 200
    where = f"workspace/people/{template}.html"
    return page(request, member, where, shown, here="members", status=status)
