"""Members of the program: what they may do, who stands in, whose partners go where."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from partnerloop.accounts.inviting import may_give, unanswered
from partnerloop.accounts.models import Membership, Role
from partnerloop.actions.handing_over import hand_over, take_back
from partnerloop.core import clock
from partnerloop.partners.looking_after import CannotCover, CannotHandOver, end_cover, stand_in
from partnerloop.partners.members import MembershipKept, change_role, end_membership
from partnerloop.partners.models import Cover, Department, HandOver, Partner, PartnerAssignment
from partnerloop.web import exporting
from partnerloop.web.access import for_members
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.people_forms import CoverForm, HandOverForm, RoleForm, active
from partnerloop.web.workspace.sheets_people import of_members

REFUSED = (CannotCover, CannotHandOver, MembershipKept)
OF_RUNNERS = ("role", "end", "hand-over", "take-back")


@require_safe
@for_members
def index(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will list the members with their roles and partners, and who stands in for whom."""
    on, program = clock.now().date(), member.program
    rows = PartnerAssignment.objects.of(program).current(on)
    looked_after = Counter(rows.values_list("member_id", flat=True))
    led = Department.objects.of(program).filter(lead__isnull=False).order_by("name")
    leads = dict(led.values_list("lead_id", "name"))
    lines = [(one, looked_after[one.pk], leads.get(one.pk, "")) for one in active(program)]
    if to := exporting.wanted(request):
        table = of_members(lines, by=member)
        return exporting.exported(request, member, table, to=to, at=clock.now())
    shown = {
        "lines": lines,
        "covers": _covers(member, at=clock.now()),
        "invitations": unanswered(program) if member.runs_program else (),
        "roles": [role for role in Role if may_give(role, by=member)],
        "now": clock.now(),
    }
    return page(request, member, "workspace/people/members.html", shown, here="members")


@require_safe
@for_members
def show(request: HttpRequest, member: Membership, member_id: int) -> HttpResponse:
    """This will show one member and what may be changed."""
    return _page(request, member, _member(member, member_id), {})


@require_POST
@for_members
def act(request: HttpRequest, member: Membership, member_id: int, step: str) -> HttpResponse:
    """This will change a role, end a membership, set or end a cover, hand partners over."""
    one, at = _member(member, member_id), clock.now()
    if step in OF_RUNNERS and not member.runs_program:
        raise PermissionDenied("This is for owners and channel chiefs.")
    try:
        done = _take(step, request, one, by=member, at=at)
    except REFUSED as why:
        messages.error(request, str(why))
        done = ""
    if isinstance(done, dict):
        return _page(request, member, one, done, status=400)
    if done:
        messages.success(request, done)
    if one.ended_on is not None:
        return redirect("members", slug=member.program.slug)
    return redirect("member", slug=member.program.slug, member_id=one.pk)


def _take(
    step: str, request: HttpRequest, one: Membership, *, by: Membership, at: datetime
) -> str | dict[str, Any]:
    """Take a step; return what to say, or a form that is to be corrected."""
    match step:
        case "role":
            change_role(one, request.POST.get("role", ""), by=by, at=at)
            return f"{one.user.name} is {one.get_role_display().lower()} now."
        case "end":
            end_membership(one, by=by, at=at)
            return f"{one.user.name} has left the program."
        case "cover":
            return _cover(request, one, by=by, at=at)
        case "end-cover":
            end_cover(_row(Cover, request, one, "away"), by=by, at=at)
            return "Nobody stands in any more."
        case "hand-over":
            return _hand_over(request, one, by=by, at=at)
        case "take-back":
            take_back(_row(HandOver, request, one, "giver"), by=by, at=at)
            return "Taken back, as far as nobody else has got the partners since."
    raise Http404


def _cover(
    request: HttpRequest, one: Membership, *, by: Membership, at: datetime
) -> str | dict[str, Any]:
    form = CoverForm(request.POST, away=one, on=at.date())
    if not form.is_valid():
        return {"cover_form": form}
    told = form.cleaned_data
    stand_in(one, cover=told["cover"], since=told["since"], until=told["until"], by=by, at=at)
    return f"{told['cover'].user.name} stands in for {one.user.name}."


def _hand_over(
    request: HttpRequest, one: Membership, *, by: Membership, at: datetime
) -> str | dict[str, Any]:
    form = HandOverForm(request.POST, giver=one, partners=_own(one, at=at))
    if not form.is_valid():
        return {"hand_over_form": form}
    taker, chosen = form.cleaned_data["taker"], form.cleaned_data["partners"]
    hand_over(one, taker=taker, partners=[partner.pk for partner in chosen], by=by, at=at)
    return f"{taker.user.name} looks after them from today."


def _page(
    request: HttpRequest,
    member: Membership,
    one: Membership,
    shown: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    at, program = clock.now(), member.program
    partners = _own(one, at=at)
    handed = HandOver.objects.of(program).filter(giver=one)
    around = {
        "one": one,
        "partners": partners,
        "role_form": RoleForm(initial={"role": one.role}),
        "cover_form": CoverForm(None, away=one, on=at.date()),
        "hand_over_form": HandOverForm(None, giver=one, partners=partners),
        "covers": [cover for cover in _covers(member, at=at) if cover.away_id == one.pk],
        "handed": handed.select_related("taker__user", "by__user").order_by("-at")[:20],
        "may_cover": member.runs_program or member.pk == one.pk,
        **shown,
    }
    return page(
        request, member, "workspace/people/member.html", around, here="members", status=status
    )


def _member(member: Membership, member_id: int) -> Membership:
    """Return a member whom the reader may change: runners all, a manager oneself."""
    found = active(member.program).filter(pk=member_id).first()
    if not isinstance(found, Membership):
        raise Http404
    if member.runs_program or (member.role == Role.MANAGER and found.pk == member.pk):
        return found
    raise PermissionDenied("This page is for owners, channel chiefs, and the manager concerned.")


def _own(one: Membership, *, at: datetime) -> Any:
    current = PartnerAssignment.objects.of(one.program_id).current(at.date()).filter(member=one)
    mine = Partner.objects.of(one.program_id).filter(pk__in=current.values("partner"))
    return mine.order_by("name", "pk")


def _covers(member: Membership, *, at: datetime) -> list[Cover]:
    rows = Cover.objects.of(member.program_id).not_over(at.date())
    return list(rows.select_related("away__user", "cover__user").order_by("since", "pk"))


def _row(model: Any, request: HttpRequest, one: Membership, pointer: str) -> Any:
    given = request.POST.get("row", "")
    number = int(given) if given.isdecimal() and len(given) < 12 else 0
    found = model.objects.of(one.program_id).filter(pk=number, **{pointer: one}).first()
    if found is None:
        raise Http404
    return found
