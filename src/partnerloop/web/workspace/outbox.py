"""The outbox: every mail while nothing is really sent, and only counts once mails leave."""

from collections.abc import Sequence
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.core.models import Message
from partnerloop.integrations.email.local_outbox import (
    MailsAreSent,
    deliveries,
    failed_addresses,
    local_mails,
)
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Pulse
from partnerloop.web import exporting
from partnerloop.web.access import for_runners
from partnerloop.web.components import Pager
from partnerloop.web.workspace import sheets
from partnerloop.web.workspace.frame import page
from partnerloop.web.workspace.links import paragraphs

A_PAGE = 50


@require_safe
@for_runners
def index(request: HttpRequest, member: Membership) -> HttpResponseBase:
    """This will list the mails, or count them where they really leave."""
    try:
        mails = local_mails(member.program)
    except MailsAreSent:
        progress, failed = _progress(member.program), failed_addresses(member.program)
        if to := exporting.wanted(request):
            is_failed = request.GET.get("table") == "failed"
            table = sheets.of_failures(failed) if is_failed else sheets.of_outbox(progress)
            return exporting.exported(request, member, table, to=to, at=clock.now())
        counts = {"progress": progress, "failed": failed}
        return page(request, member, "workspace/outbox_counts.html", counts, here="outbox")
    number = request.GET.get("page", "1")
    sheet = Paginator(mails, A_PAGE).get_page(number)
    shown = {"mails": sheet, "pager": _pager(sheet)}
    return page(request, member, "workspace/outbox.html", shown, here="outbox")


@require_safe
@for_runners
def mail(request: HttpRequest, member: Membership, mail_id: UUID) -> HttpResponse:
    """This will show one mail with links to click, only while nothing is really sent."""
    try:
        found = local_mails(member.program).filter(pk=mail_id).first()
    except MailsAreSent:
        raise Http404 from None
    if found is None:
        raise Http404
    shown = {"mail": found, "paragraphs": paragraphs(found.text)}
    return page(request, member, "workspace/outbox_mail.html", shown, here="outbox")


def _pager(sheet: Page[Message]) -> Pager | None:
    if not sheet.has_other_pages():
        return None
    return Pager(
        label="Pages of the outbox",
        showing=f"{sheet.start_index()}–{sheet.end_index()} of {sheet.paginator.count}",
        previous_url=f"?page={sheet.previous_page_number()}" if sheet.has_previous() else "",
        next_url=f"?page={sheet.next_page_number()}" if sheet.has_next() else "",
    )


def _progress(program: Program) -> Sequence[sheets.Progress]:
    names = {
        f"pulse:{number}": name
        for number, name in Pulse.objects.of(program).values_list("pk", "name")
    }
    return [
        sheets.Progress(names[delivery.about], delivery)
        for delivery in deliveries(program)
        if delivery.about in names
    ]
