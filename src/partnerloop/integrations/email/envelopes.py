"""A message of the queue as a mail on the wire."""

from email.utils import formataddr

from django.core.mail import EmailMultiAlternatives

from partnerloop.core.models import Message
from partnerloop.integrations.email.returning import return_address
from partnerloop.programs.models import Program

BY_A_PERSON = (Message.Purpose.REPLY,)


def wrapped(message: Message, *, program: Program) -> EmailMultiAlternatives:
    """This will write sender, headers, text and HTML; the same message gives the same mail.

    The Message-ID comes from the row, so that a mail sent twice after a crash is known to be one.
    """
    if not message.to:
        raise ValueError("it has no address")
    headers = {**message.headers, "Message-ID": message_id(message, program=program)}
    if message.purpose not in BY_A_PERSON:
        headers["Auto-Submitted"] = "auto-generated"  # out-of-office replies stay away (RFC 3834)
    sender = formataddr((_line(program.sender), program.sender_address))
    returns = return_address(message.pk) if program.sends_mail else ""  # providers have their own
    if returns:
        headers["From"] = sender
    mail = EmailMultiAlternatives(
        subject=_line(message.subject),
        body=message.text,
        from_email=returns or sender,
        to=[formataddr((_line(message.to_name), message.to))],
        reply_to=[program.reply_address or program.sender_address],
        headers=headers,
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def message_id(message: Message, *, program: Program) -> str:
    """Return the Message-ID, in the sender's domain and plain ASCII."""
    domain = program.sender_address.rpartition("@")[2].encode("idna").decode()
    return f"<{message.pk}@{domain}>"


def one_click_stop(url: str) -> dict[str, str]:
    """Return the headers that let a mail program stop all asks by one POST (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def in_thread_of(message: Message, *, program: Program) -> dict[str, str]:
    """Return the headers that put a mail below an earlier one in the reader's mailbox."""
    earlier = message_id(message, program=program)
    return {"In-Reply-To": earlier, "References": earlier}


def _line(words: str) -> str:
    """A name with a line break in it must not become a header of its own."""
    return " ".join(words.split())
