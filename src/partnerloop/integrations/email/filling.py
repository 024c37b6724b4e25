"""Putting a rendered letter into the outbox's envelope: the same for whatever the letter says."""

from datetime import datetime

from partnerloop.core.models import Message
from partnerloop.integrations.email.rendering import RenderedMail


def message_of(
    mail: RenderedMail,
    *,
    to: str,
    to_name: str = "",
    purpose: Message.Purpose,
    key: str,
    program_id: int,
    at: datetime,
) -> Message:
    """This will return a message, not stored yet, that may be sent from `at` on.

    `key` is unique: the same letter posted twice under one key is sent once.
    """
    return Message(
        key=key,
        program_id=program_id,
        purpose=purpose,
        to=to,
        to_name=to_name,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        created_at=at,
        available_at=at,
    )
