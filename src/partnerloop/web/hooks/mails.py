"""What mail providers report: bounces, complaints, unsubscribing, and mails that came in.

django-anymail knows the providers: it checks who posts and reads what is posted. Nothing is
accepted unless the installation set a secret for it.
"""

import logging
from datetime import datetime
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partnerloop.core import clock
from partnerloop.loop.mailbox import AWAY_FOR, FULL_FOR, stop_address, take_mail
from partnerloop.partners.models import Contact
from partnerloop.partners.stopping import stop_asking
from partnerloop.partners.wishing import rest_until
from partnerloop.web.hooks.providers import KINDS, PROVIDERS, is_passing

RUBBISH = (ValueError, KeyError, TypeError, AttributeError, AssertionError)
log = logging.getLogger(__name__)


# Providers have no cookie; the secret of the installation is what lets them in.
@csrf_exempt
@require_http_methods(["POST", "GET", "HEAD"])
def report(request: HttpRequest, provider: str, kind: str) -> HttpResponse:
    """Take what a provider reports; the same report twice changes nothing."""
    if not settings.ANYMAIL.get("WEBHOOK_SECRET") or kind not in KINDS:
        raise Http404
    hook = _hook(provider, kind)
    if request.method != "POST":
        return HttpResponse(status=200)  # some providers look whether the address is there
    try:
        hook.run_validators(request)
        events = hook.parse_events(request)
    except (AnymailWebhookValidationFailure, ImproperlyConfigured, *RUBBISH) as why:
        log.warning("a report of %s was refused: %s", provider, type(why).__name__)
        return HttpResponse("Refused.", status=400, content_type="text/plain")
    at = clock.now()
    for event in events:
        if event.event_type == "inbound":
            take_mail(event.message.as_bytes(), at=at)
        else:
            _follow(event, at=at)
    return HttpResponse(status=204)


def _hook(provider: str, kind: str) -> Any:
    views = PROVIDERS.get(provider, ())[KINDS.index(kind) :]
    if not views:
        raise Http404
    try:
        return views[0]()
    except ImproperlyConfigured:
        log.exception("reports of %s cannot be taken", provider)
        raise Http404 from None


def _follow(event: Any, *, at: datetime) -> None:
    address = (event.recipient or "").strip()
    if not address:
        return
    match event.event_type:
        case "bounced" if is_passing(event.esp_event):
            for contact in _people(address):
                rest_until(contact, (at + FULL_FOR).date(), at=at)
        case "bounced" if event.reject_reason != "other":
            stop_address(address, reason="bounced", at=at)
        case "complained":
            stop_address(address, reason="complained", at=at)
        case "unsubscribed":
            for contact in _people(address):
                stop_asking(contact, at=at, origin="provider")
        case "autoresponded":
            for contact in _people(address):
                rest_until(contact, (at + AWAY_FOR).date(), at=at)


def _people(address: str) -> list[Contact]:
    return list(Contact.objects.across_programs().filter(email__iexact=address))
