"""The inbox: every comment with its state, and the steps that move it on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from partnerloop.accounts.models import Membership, Role
from partnerloop.actions import answering
from partnerloop.actions.health import health
from partnerloop.actions.inbox import items
from partnerloop.actions.models import FeedbackItem
from partnerloop.core import clock
from partnerloop.partners.models import Department
from partnerloop.web import exporting
from partnerloop.web.access import for_members
from partnerloop.web.workspace import folders, sheets, threads
from partnerloop.web.workspace.frame import page

DONE = {
    "answer": "Answered. They see it on their receipt page.",
    "plan": "Planned. They see what you intend.",
    "done": "Done. They see what came of it.",
    "decline": "Declined. They see your reason.",
    "route": "Sent on.",
    "merge": "Merged. They see the answers of the other item.",
}
WRITING = {
    "answer": answering.answer,
    "plan": answering.plan,
    "done": answering.finish,
    "decline": answering.decline,
}


@require_safe
@for_members
def folder(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will list the items of one folder, the most urgent first."""
    at = clock.now()
    wish = folders.wish(request.GET)
    if to := exporting.wanted(request):
        sheet = sheets.of_inbox(folders.narrowed(member, wish, at=at), at=at)
        return exporting.exported(request, member, sheet, to=to, at=at)
    shown = folders.listed(member, wish, at=at)
    around: dict[str, Any] = {"inbox": shown, "health": health(member.program, by=member, at=at)}
    if shown.items:
        around["opened"] = threads.opened(member, shown.items[0], at=at)
    return page(request, member, "workspace/inbox.html", around, here="inbox")


@require_safe
@for_members
def show(request: HttpRequest, member: Membership, item_id: UUID) -> HttpResponse:
    """This will show one item with its conversation and the steps that may be taken."""
    return _item_page(request, member, _item(member, item_id), {})


@require_POST
@for_members
def act(request: HttpRequest, member: Membership, item_id: UUID, step: str) -> HttpResponse:
    """This will take one step with an item: answer, plan, done, decline, route or merge."""
    if member.role == Role.EXECUTIVE:
        raise PermissionDenied("Executives read; answering is for those who run the loop.")
    item = _item(member, item_id)
    try:
        _take(step, item, request, member)
    except answering.NothingWritten:
        return _refused(request, member, item, "Write what they should read first.")
    except answering.ReasonMissing:
        return _refused(request, member, item, "Give the reason: the person reads it.")
    except answering.CannotMove:
        return _refused(request, member, item, "This step can't be taken from where the item is.")
    messages.success(request, DONE[step])
    return redirect("inbox-item", slug=member.program.slug, item_id=item.pk)


def _take(step: str, item: FeedbackItem, request: HttpRequest, member: Membership) -> None:
    at = clock.now()
    if step in WRITING:
        WRITING[step](item, request.POST.get("text", ""), by=member, at=at)
    elif step == "route":
        answering.route(item, _department(request, member), by=member, at=at)
    elif step == "merge":
        answering.merge(item, _other(request, member), by=member, at=at)
    else:
        raise Http404


def _item(member: Membership, item_id: UUID) -> FeedbackItem:
    found = items(member.program, by=member, at=clock.now()).filter(pk=item_id).first()
    if found is None:
        raise Http404
    return found


def _department(request: HttpRequest, member: Membership) -> Department:
    key = request.POST.get("department", "")
    found = Department.objects.of(member.program).filter(key=key).first()
    if found is None:
        raise answering.CannotMove(f"no department {key!r}")
    return found


def _other(request: HttpRequest, member: Membership) -> FeedbackItem:
    try:
        return _item(member, UUID(request.POST.get("into", "")))
    except (Http404, ValueError):
        raise answering.CannotMove("no such item") from None


def _refused(
    request: HttpRequest, member: Membership, item: FeedbackItem, why: str
) -> HttpResponse:
    item.refresh_from_db()
    shown = {"error": why, "text": request.POST.get("text", "")}
    return _item_page(request, member, item, shown, status=400)


def _item_page(
    request: HttpRequest,
    member: Membership,
    item: FeedbackItem,
    shown: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    around = {
        "inbox": folders.listed(member, folders.wish(request.GET), at=at, current=item.pk),
        "health": health(member.program, by=member, at=at),
        "opened": threads.opened(member, item, at=at),
        "is_item": True,
        **shown,
    }
    return page(request, member, "workspace/inbox.html", around, here="inbox", status=status)
