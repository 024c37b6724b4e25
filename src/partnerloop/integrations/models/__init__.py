"""The rows of what talks to the outside: keys of the API, webhooks, and what became of each."""

from partnerloop.integrations.models.keys import ApiKey, IdempotencyRecord, KeyScope
from partnerloop.integrations.models.webhooks import EventType, WebhookDelivery, WebhookEndpoint

__all__ = [
    "ApiKey",
    "EventType",
    "IdempotencyRecord",
    "KeyScope",
    "WebhookDelivery",
    "WebhookEndpoint",
]
