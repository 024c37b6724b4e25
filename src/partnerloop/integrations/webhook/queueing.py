"""What is to be told: one delivery for each endpoint that wants to hear of an event."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from partnerloop.accounts.auditing import record_by
from partnerloop.accounts.models import Membership
from partnerloop.integrations.models import EventType, WebhookDelivery, WebhookEndpoint
from partnerloop.programs.models import Program

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell: thin, ids and no figures; who wants more asks the API."""

    type: EventType
    key: str
    told: dict[str, Any]
    happened_at: datetime


def tell(program: Program, news: News, *, at: datetime) -> None:
    """Queue a delivery for each endpoint that wants it; safe to repeat."""
    endpoints = WebhookEndpoint.objects.of(program).filter(disabled_at__isnull=True)
    message = {
        "type": news.type.value,
        "timestamp": news.happened_at.isoformat(),
        "data": news.told,
    }
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                program=program,
                endpoint=endpoint,
                key=news.key,
                event_type=news.type,
                body=json.dumps(message, separators=(",", ":")),
                created_at=at,
                available_at=at,
            )
            for endpoint in endpoints
            if news.type.value in endpoint.events
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def replay(delivery: WebhookDelivery, *, by: Membership, at: datetime) -> None:
    """Send a message again, under its old id, with all its tries before it."""
    record_by(by, "webhook.sent_again", target=f"delivery:{delivery.pk}", at=at)
    WebhookDelivery.objects.of(delivery.program_id).filter(pk=delivery.pk).update(
        attempts=0,
        available_at=at,
        finished_at=None,
        delivered_at=None,
        leased_until=None,
        leased_by="",
        failure="",
        status=None,
    )


def forget_deliveries(program: Program, *, at: datetime) -> None:
    """Delete what was to be told a month ago, told or not."""
    WebhookDelivery.objects.of(program).filter(created_at__lt=at - KEPT).delete()
