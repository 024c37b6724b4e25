"""What mail providers report: bounces, complaints, unsubscribing, and mails that came in.

django-anymail knows the providers: it checks who posts and reads what is posted. Nothing is
accepted unless the installation set a secret for it.
"""

import logging
from datetime import datetime
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks import brevo, mailersend, mailgun, mailjet, postmark, sendgrid, sparkpost
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from partnerloop.core import clock
from partnerloop.loop.mailbox import AWAY_FOR, stop_address, take_mail
from partnerloop.partners.models import Contact
from partnerloop.partners.stopping import stop_asking
from partnerloop.partners.wishing import rest_until

PROVIDERS: dict[str, tuple[Any, Any]] = {
    "brevo": (brevo.BrevoTrackingWebhookView, brevo.BrevoInboundWebhookView),
    "mailersend": (
        mailersend.MailerSendTrackingWebhookView,
        mailersend.MailerSendInboundWebhookView,
    ),
    "mailgun": (mailgun.MailgunTrackingWebhookView, mailgun.MailgunInboundWebhookView),
    "mailjet": (mailjet.MailjetTrackingWebhookView, mailjet.MailjetInboundWebhookView),
    "postmark": (postmark.PostmarkTrackingWebhookView, postmark.PostmarkInboundWebhookView),
    "sendgrid": (sendgrid.SendGridTrackingWebhookView, sendgrid.SendGridInboundWebhookView),
    "sparkpost": (sparkpost.SparkPostTrackingWebhookView, sparkpost.SparkPostInboundWebhookView),
}
KINDS = ("tracking", "inbound")
log = logging.getLogger(__name__)


# Providers have no cookie; the secret of the installation is what lets them in.
@csrf_exempt
@require_POST
def report(request: HttpRequest, provider: str, kind: str) -> HttpResponse:
    """Take what a provider reports; the same report twice changes nothing."""
    if not settings.ANYMAIL.get("WEBHOOK_SECRET") or kind not in KINDS:
        raise Http404
    hook = _hook(provider, kind)
    try:
        hook.run_validators(request)
        events = hook.parse_events(request)
    except (AnymailWebhookValidationFailure, ValueError, KeyError, TypeError):
        return HttpResponse("Refused.", status=400, content_type="text/plain")
    at = clock.now()
    for event in events:
        if kind == "inbound":
            take_mail(event.message.as_bytes(), at=at)
        else:
            _follow(event, at=at)
    return HttpResponse(status=204)


def _hook(provider: str, kind: str) -> Any:
    if provider not in PROVIDERS:
        raise Http404
    try:
        return PROVIDERS[provider][KINDS.index(kind)]()
    except ImproperlyConfigured:
        log.exception("reports of %s cannot be taken", provider)
        raise Http404 from None


def _follow(event: Any, *, at: datetime) -> None:
    address = (event.recipient or "").strip()
    if not address:
        return
    match event.event_type:
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
