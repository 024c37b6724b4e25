"""An endpoint that stops by itself: once, with its reason, noted, and its owner is told by mail."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from partnerloop.core.models import record_audit
from partnerloop.integrations.email.noticing import mail_webhook_stopped
from partnerloop.integrations.models import WebhookEndpoint
from partnerloop.integrations.webhook.endpoints import LONGEST_WHY


@transaction.atomic
def stop(endpoint: WebhookEndpoint, *, why: str, at: datetime) -> None:
    """This will tell an endpoint nothing any more, and its program's owners that it is so.

    Of two workers that find out at once, one mails.
    """
    rows = WebhookEndpoint.objects.of(endpoint.program_id).filter(pk=endpoint.pk)
    told = why[:LONGEST_WHY]
    if not rows.filter(disabled_at__isnull=True).update(disabled_at=at, disabled_why=told):
        return
    program = endpoint.program
    record_audit(
        "webhook.stopped",
        at=at,
        actor="system",
        target=f"webhook:{endpoint.pk}",
        program_id=program.pk,
    )
    mail_webhook_stopped(
        program,
        host=urlsplit(endpoint.url).hostname or "",  # its path may hold a secret of the receiver
        why=told,
        path=f"/p/{program.slug}/settings/connections/webhooks/{endpoint.pk}/",
        key="webhook",
        at=at,
    )
