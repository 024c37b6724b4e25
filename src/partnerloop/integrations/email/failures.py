"""What goes wrong on the way to a mail server, in plain words, and who has to do something."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum

from anymail.exceptions import (
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from partnerloop.programs.sealing import SealBroken

LONGEST_QUOTE = 160
DEAD_MAILBOX = ("5.1.1", "5.1.10")  # no such mailbox, and no such domain for mail


class Kind(Enum):
    """Who is concerned by a failure."""

    REFUSED = "this mail will never be accepted"
    LATER = "this mail may be accepted later"
    DOWN = "no mail can be sent until the server or its settings change"


@dataclass(frozen=True)
class Failure:
    """Why a mail was not sent."""

    kind: Kind
    reason: str
    is_dead_mailbox: bool = False


# What may come out of sending. A mail that cannot be written must not stop those behind it, so
# ValueError (bad header, bad address) is one of them; other errors are faults of ours.
ERRORS = (OSError, ValueError, AnymailError, ImproperlyConfigured, ImportError)


def failure_of(error: Exception, *, host: str, port: int) -> Failure:
    """This will say what an error means."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
            return _refusal(code, said)
        case smtplib.SMTPAuthenticationError():
            told = _("{host} refused the user name or password.")
        case smtplib.SMTPSenderRefused():
            told = _("{host} does not let this program send from {sender}.").replace(
                "{sender}", parseaddr(error.sender)[1]
            )
            return Failure(Kind.DOWN, _quoted(told.format(host=host), error.smtp_error))
        case smtplib.SMTPDataError():
            return _refusal(error.smtp_code, error.smtp_error)
        case smtplib.SMTPNotSupportedError():
            told = _not_supported(str(error))
        case smtplib.SMTPException() | OSError() if not isinstance(error, AnymailError):
            told = _unreachable(error)
        case SealBroken():
            told = _("The saved password cannot be read any more. Enter it again.")
        case _:
            return _of_provider(error)
    return Failure(Kind.DOWN, told.format(host=host, port=port))


def _refusal(code: int, said: bytes | str) -> Failure:
    """A fifth class of reply is final, a fourth is not (RFC 5321)."""
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    if code < 500:
        told = _("The mail server asks to try again later.")
        return Failure(Kind.LATER, _quoted(told, said))
    dead = words.startswith(DEAD_MAILBOX)
    told = _("There is no such mailbox.") if dead else _("The mail server refused this mail.")
    return Failure(Kind.REFUSED, _quoted(told, f"{code} {words}"), is_dead_mailbox=dead)


def _not_supported(words: str) -> str:
    if "STARTTLS" in words:
        return _("{host} does not offer STARTTLS on port {port}. Try TLS on port 465.")
    if "AUTH" in words:
        return _(
            "{host} offers no sign-in on port {port}. Leave user name and password empty, or "
            "choose STARTTLS or TLS."
        )
    return _("{host} cannot take mails with such addresses.")


def _unreachable(error: Exception) -> str:
    match error:
        case socket.gaierror():
            return _("There is no server named {host}. Check the spelling.")
        case ConnectionRefusedError():
            return _(
                "{host} is there, but nothing listens on port {port}. Mail servers usually listen "
                "on 587 (STARTTLS) or 465 (TLS)."
            )
        case TimeoutError():
            return _(
                "{host} does not answer on port {port}. A firewall may be in between; many "
                "networks block port 25."
            )
        case ssl.SSLCertVerificationError():
            return _(
                "The certificate of {host} cannot be trusted: it belongs to another name, has run "
                "out, or was signed by nobody this machine knows."
            )
        case ssl.SSLError():
            return _("{host} does not speak TLS on port {port}. Try STARTTLS, usually on port 587.")
        case smtplib.SMTPServerDisconnected():
            return _(
                "{host} closed the connection on port {port}. If it expects TLS there, choose TLS."
            )
        case smtplib.SMTPResponseException():
            return _("{host} does not accept mails at the moment.")
    return _("{host} cannot be reached on port {port}.")


def _of_provider(error: Exception) -> Failure:
    status = getattr(error, "status_code", None)
    if isinstance(error, AnymailRecipientsRefused | AnymailInvalidAddress):
        return Failure(Kind.REFUSED, _quoted(_("The mail provider refused this mail."), str(error)))
    if isinstance(error, ValueError) or status in (400, 422):
        return Failure(Kind.REFUSED, _quoted(_("This mail cannot be written."), str(error)))
    return Failure(Kind.DOWN, _quoted(_("The mail provider does not take mails."), str(error)))


def _quoted(told: str, said: bytes | str) -> str:
    """Add the server's own words, on one line and not too many of them."""
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    short = " ".join(words.split())[:LONGEST_QUOTE]
    return f"{told} ({short})" if short else told
