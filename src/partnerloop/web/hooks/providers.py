"""The mail providers that django-anymail knows, and what they say in words of their own."""

from collections.abc import Mapping
from typing import Any

from anymail.webhooks import (
    brevo,
    mailersend,
    mailgun,
    mailjet,
    mailtrap,
    mandrill,
    postal,
    postmark,
    resend,
    sendgrid,
    sparkpost,
    unisender_go,
)

KINDS = ("tracking", "inbound")
# Amazon SES is missing: its reports need the client library of that provider, which is not ours.
PROVIDERS: dict[str, tuple[Any, ...]] = {
    "brevo": (brevo.BrevoTrackingWebhookView, brevo.BrevoInboundWebhookView),
    "mailersend": (
        mailersend.MailerSendTrackingWebhookView,
        mailersend.MailerSendInboundWebhookView,
    ),
    "mailgun": (mailgun.MailgunTrackingWebhookView, mailgun.MailgunInboundWebhookView),
    "mailjet": (mailjet.MailjetTrackingWebhookView, mailjet.MailjetInboundWebhookView),
    "mailtrap": (mailtrap.MailtrapTrackingWebhookView, mailtrap.MailtrapInboundWebhookView),
    "mandrill": (mandrill.MandrillCombinedWebhookView, mandrill.MandrillCombinedWebhookView),
    "postal": (postal.PostalTrackingWebhookView, postal.PostalInboundWebhookView),
    "postmark": (postmark.PostmarkTrackingWebhookView, postmark.PostmarkInboundWebhookView),
    "resend": (resend.ResendTrackingWebhookView, resend.ResendInboundWebhookView),
    "sendgrid": (sendgrid.SendGridTrackingWebhookView, sendgrid.SendGridInboundWebhookView),
    "sparkpost": (sparkpost.SparkPostTrackingWebhookView, sparkpost.SparkPostInboundWebhookView),
    "unisender-go": (unisender_go.UnisenderGoTrackingWebhookView,),
}
# SparkPost's numbers for: soft, no such server for now, full, too large, timeout, generic, failing.
PASSING = frozenset({"20", "21", "22", "23", "24", "40", "70"})
NAMES = ("event", "type", "Type", "status")


def is_passing(told: object) -> bool:
    """Return whether a bounce may be over soon: the address rests, and is not given up.

    anymail calls both kinds a bounce; only the provider's own words tell them apart.
    """
    if not isinstance(told, Mapping):
        return False
    if told.get("hard_bounce") is False:  # Mailjet
        return True
    words = {str(told.get(name, "")).lower().replace("_", "").replace(" ", "") for name in NAMES}
    if words & {"softbounce", "softbounced", "transient", "activity.softbounced"}:
        return True
    if told.get("event") == "bounce" and told.get("type") == "blocked":  # SendGrid
        return True
    if str(told.get("bounce_class", "")) in PASSING:
        return True
    inside = [told.get(name) for name in ("data", "bounce", "msys", "message_event")]
    return any(is_passing(one) for one in inside)
