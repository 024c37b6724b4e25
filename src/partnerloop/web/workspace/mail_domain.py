"""Before the first mail to partners: does DNS vouch for the sender, and who opens links?"""

import re
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.integrations.email.clicks import opened
from partnerloop.integrations.email.domain import Finding, look_at
from partnerloop.web.access import for_runners
from partnerloop.web.workspace.frame import page

LOOK_BACK = timedelta(days=91)
SELECTOR = re.compile(r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$")


@require_http_methods(["GET", "HEAD", "POST"])
@for_runners
def show(request: HttpRequest, member: Membership) -> HttpResponse:
    """This will show what was opened by mail domain; on POST ask DNS about the sender's domain."""
    program = member.program
    selector = request.POST.get("selector", "").strip()
    is_wrong = bool(selector) and not SELECTOR.match(selector)
    findings: list[Finding] = []
    if request.method == "POST" and program.sender_address and not is_wrong:
        findings = look_at(program.sender_address, selector=selector)
    told = {
        "domain": program.sender_address.rpartition("@")[2],
        "findings": findings,
        "selector": selector,
        "is_wrong": is_wrong,
        "opened": opened(program, since=(clock.now() - LOOK_BACK).date()),
    }
    status = 400 if is_wrong else 200
    return page(request, member, "workspace/mail_domain.html", told, here="settings", status=status)
