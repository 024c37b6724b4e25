"""Telling a named writer that an answer came. Unnamed writers find it on their receipt page."""

from datetime import datetime

from django.conf import settings

from partnerloop.actions.models import FeedbackItem, FollowUp
from partnerloop.core import outbox
from partnerloop.core.models import Message
from partnerloop.core.speaking import spoken
from partnerloop.integrations.email.envelopes import message_id
from partnerloop.integrations.email.filling import message_of
from partnerloop.integrations.email.letters import FootLinks, ReplyNotice, Sender
from partnerloop.integrations.email.rendering import render_reply_notice
from partnerloop.loop.hearing import latest_ask
from partnerloop.partners.stopping import suppressed
from partnerloop.programs.models import Program
from partnerloop.responses.reply import Addressee, addressee


def tell_writer(program: Program, item: FeedbackItem, written: FollowUp, *, at: datetime) -> None:
    """Post one mail to the writer of an item, and to those whose items were merged into it."""
    merged = FeedbackItem.objects.of(program).filter(merged_into=item)
    for one in (item, *merged.select_related("comment")):
        _tell(program, one, written, at=at)


def _tell(program: Program, item: FeedbackItem, written: FollowUp, *, at: datetime) -> None:
    to = addressee(program, item.comment.comment_id)
    if to is None or suppressed([to.contact.email]):
        return
    if to.contact.addressed_at > item.received_at:
        return  # the receipt link is the writer's own; a newer address may be somebody else's
    letter = ReplyNotice(
        sender=Sender(
            vendor=program.vendor_name,
            address=program.reply_address or program.sender_address,
            language=spoken(to.contact.language, program.language),
        ),
        url=f"{settings.PARTNERLOOP_URL}/r/{to.receipt_token}",
        author=written.by.user.name if written.by else program.sender,
        name=to.contact.name,
        words=written.text,
        links=FootLinks(tell_us_now=f"{settings.PARTNERLOOP_URL}/r/{to.receipt_token}/now"),
    )
    mail = render_reply_notice(letter)
    message = message_of(
        mail,
        to=to.contact.email,
        to_name=to.contact.name,
        purpose=Message.Purpose.REPLY,
        key=f"reply:{written.pk}:{item.pk}",
        program_id=program.pk,
        at=at,
    )
    message.headers = _thread(program, to)
    outbox.post([message])


def _thread(program: Program, to: Addressee) -> dict[str, str]:
    """Return the headers that put an answer below what it answers.

    It names the invitation too, so that a reply to the answer finds its person again.
    """
    asked = latest_ask(to.contact.pk, to.partner_id, program_id=program.pk)
    key = f"invitation:{asked.pk}" if asked else ""
    mail = Message.objects.filter(program_id=program.pk, key=key, sent_at__isnull=False).first()
    earlier = [message_id(mail, program=program)] if mail and program.sender_address else []
    earlier += [to.mail_number] if to.mail_number else []
    return {"In-Reply-To": earlier[-1], "References": " ".join(earlier)} if earlier else {}
