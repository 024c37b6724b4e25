"""The rows of what talks to the outside: keys, webhooks, mails, and what became of each."""

from partnerloop.integrations.models.keys import ApiKey, IdempotencyRecord, KeyScope
from partnerloop.integrations.models.mails import ClickTotal, MailSeen
from partnerloop.integrations.models.webhooks import EventType, WebhookDelivery, WebhookEndpoint
from partnerloop.integrations.models.widget import SpentIdentity, WidgetKey, WidgetOrigin

__all__ = [
    "ApiKey",
    "ClickTotal",
    "EventType",
    "IdempotencyRecord",
    "KeyScope",
    "MailSeen",
    "SpentIdentity",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WidgetKey",
    "WidgetOrigin",
]
