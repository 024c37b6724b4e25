"""Trying a mail server before anything depends on it, and saying in plain words what is wrong."""

import smtplib
import ssl
from dataclasses import dataclass

from django.core.mail.utils import DNS_NAME
from django.utils.translation import gettext as _

from partnerloop.integrations.email.failures import failure_of
from partnerloop.integrations.email.servers import TIMEOUT, MailServer


@dataclass(frozen=True)
class Finding:
    """Whether a server would take our mails, in one sentence."""

    works: bool
    sentence: str


def check(server: MailServer) -> Finding:
    """This will connect, sign in and name the sender, but send nothing."""
    if not server.host:
        return Finding(False, _("No mail server is set."))
    if not server.sender_address:
        return Finding(False, _("No sender address is set."))
    if bool(server.user) != bool(server.password):
        return Finding(False, _("Give both user name and password, or neither."))
    try:
        _converse(server)
    except (OSError, UnicodeError) as error:
        failure = failure_of(error, host=server.host, port=server.port)
        return Finding(False, failure.reason)
    return Finding(True, _works(server))


def _converse(server: MailServer) -> None:
    with _connected(server) as conversation:
        if server.security == "starttls":
            conversation.starttls(context=ssl.create_default_context())
        if server.user:
            conversation.login(server.user, server.password)
        conversation.ehlo_or_helo_if_needed()
        code, said = conversation.mail(server.sender_address)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, said, server.sender_address)
        conversation.rset()


def _connected(server: MailServer) -> smtplib.SMTP:
    name = DNS_NAME.get_fqdn()
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=TIMEOUT, context=context
        )
    return smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=TIMEOUT)


def _works(server: MailServer) -> str:
    told = _("{host} takes mails from {sender}.").format(
        host=server.host, sender=server.sender_address
    )
    if server.security == "none":
        told += " " + _("They travel there unencrypted: choose STARTTLS or TLS if it offers them.")
    return told
