"""One webhook: what it was told, with its fate; pausing, resuming, removing, telling again."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.integrations.models import WebhookDelivery, WebhookEndpoint
from partnerloop.integrations.webhook import endpoints
from partnerloop.integrations.webhook.queueing import replay
from partnerloop.web import exporting
from partnerloop.web.access import for_runners
from partnerloop.web.components import Pager
from partnerloop.web.workspace import sheets
from partnerloop.web.workspace.frame import page

A_PAGE = 50
STEPS = {
    "pause": (endpoints.pause, "Paused: it is told nothing."),
    "resume": (endpoints.resume, "It is told again."),
    "remove": (endpoints.remove, "The webhook is removed."),
}


@require_safe
@for_runners
def show(request: HttpRequest, member: Membership, endpoint_id: UUID) -> HttpResponseBase:
    """This will list what an endpoint was told, the newest first."""
    endpoint = _endpoint(member, endpoint_id)
    told = WebhookDelivery.objects.of(member.program).filter(endpoint=endpoint)
    told = told.order_by("-created_at", "pk")
    if to := exporting.wanted(request):
        at = clock.now()
        return exporting.exported(request, member, sheets.of_deliveries(told), to=to, at=at)
    sheet = Paginator(told, A_PAGE).get_page(request.GET.get("page", "1"))
    pager = None
    if sheet.has_other_pages():
        pager = Pager(
            label="Pages of deliveries",
            showing=f"{sheet.start_index()}–{sheet.end_index()} of {sheet.paginator.count}",
            previous_url=f"?page={sheet.previous_page_number()}" if sheet.has_previous() else "",
            next_url=f"?page={sheet.next_page_number()}" if sheet.has_next() else "",
        )
    shown = {"endpoint": endpoint, "deliveries": sheet, "pager": pager}
    return page(request, member, "workspace/webhook.html", shown, here="settings")


@require_POST
@for_runners
def act(request: HttpRequest, member: Membership, endpoint_id: UUID, step: str) -> HttpResponse:
    """This will pause, resume or remove an endpoint."""
    endpoint = _endpoint(member, endpoint_id)
    if step not in STEPS:
        raise Http404
    take, done = STEPS[step]
    take(endpoint, by=member, at=clock.now())
    messages.success(request, done)
    if step == "remove":
        return redirect("connections", slug=member.program.slug)
    return redirect("webhook", slug=member.program.slug, endpoint_id=endpoint_id)


@require_POST
@for_runners
def send_again(request: HttpRequest, member: Membership, delivery_id: UUID) -> HttpResponse:
    """This will send a message again, under its old id."""
    found = WebhookDelivery.objects.of(member.program).filter(pk=delivery_id).first()
    if found is None:
        raise Http404
    replay(found, by=member, at=clock.now())
    messages.success(request, "It is sent again.")
    return redirect("webhook", slug=member.program.slug, endpoint_id=found.endpoint_id)


def _endpoint(member: Membership, endpoint_id: UUID) -> WebhookEndpoint:
    found = WebhookEndpoint.objects.of(member.program).filter(pk=endpoint_id).first()
    if found is None:
        raise Http404
    return found
