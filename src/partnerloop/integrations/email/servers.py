"""The mail server of a program: whether there is one, and how it is reached."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

from partnerloop.core.models import Message
from partnerloop.programs.models import Program
from partnerloop.programs.sealing import unseal

SMTP = "django.core.mail.backends.smtp.EmailBackend"
TIMEOUT = 10  # seconds for each step of a conversation with a server


@dataclass(frozen=True)
class MailServer:
    """How a mail server is reached, and in whose name it is used."""

    host: str
    port: int
    security: str  # "none", "starttls" or "tls"
    user: str
    password: str
    sender_address: str


def server_of(program: Program) -> MailServer:
    """Return a program's server with its password, or raise `SealBroken`."""
    return MailServer(
        host=program.smtp_host,
        port=program.smtp_port,
        security=program.smtp_security,
        user=program.smtp_user,
        password=unseal(program.smtp_password_sealed),
        sender_address=program.sender_address,
    )


def really_sends(program: Program) -> bool:
    """Return whether mails leave this machine, or stay in the local outbox."""
    return program.sends_mail or bool(settings.PARTNERLOOP_EMAIL_BACKEND)


def connection_for(program: Program) -> BaseEmailBackend:
    """Return the way out for a program's mails: its own server, else the installation's provider.

    Opening it is left to the caller.
    """
    if not program.sends_mail:
        return get_connection(settings.PARTNERLOOP_EMAIL_BACKEND)
    server = server_of(program)
    return get_connection(
        SMTP,
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.security == "starttls",
        use_ssl=server.security == "tls",
        timeout=TIMEOUT,
    )


def why_nothing_is_sent(program: Program) -> str | None:
    """Return the sentence of the banner "nothing is being sent because ...", or None."""
    if not really_sends(program):
        return _("Nothing is being sent, because no mail server is set: mails stay in the outbox.")
    if not program.sender_address:
        return _("Nothing is being sent, because no sender address is set.")
    waiting = Message.objects.filter(program_id=program.pk, finished_at__isnull=True)
    stuck = waiting.exclude(failure="").order_by("-available_at").first()
    if stuck is None or waiting.filter(failure="").exists():
        return None
    return _("Mails are waiting: {reason}").format(reason=stuck.failure)
