"""Fetching what came into a mailbox by IMAP: each mail is marked as read once it was taken."""

import imaplib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from partnerloop.integrations.email.incoming import LARGEST

TIMEOUT = 20
MOST = 100  # mails at a time
log = logging.getLogger(__name__)


class MailboxUnusable(Exception):
    """The mailbox cannot be reached, or refuses us."""


@dataclass(frozen=True)
class Mailbox:
    """Where replies and reports arrive."""

    host: str
    port: int
    is_encrypted: bool
    user: str
    password: str
    folder: str = "INBOX"


def mailbox_of(url: str) -> Mailbox:
    """Return the mailbox of `imaps://user:password@host:993/INBOX`, or raise ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise ValueError("write imaps://user:password@host/INBOX")
    is_encrypted = parts.scheme == "imaps"
    return Mailbox(
        host=parts.hostname,
        port=parts.port or (993 if is_encrypted else 143),
        is_encrypted=is_encrypted,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


def fetch_new(mailbox: Mailbox, take: Callable[[bytes], object]) -> int:
    """This will hand every unread mail to `take`, mark it as read, and count them.

    A mail on which `take` fails stays unread and is tried again; those behind it are not held up.
    """
    try:
        with _connected(mailbox) as server:
            server.login(mailbox.user, mailbox.password)
            _checked(server.select(_quoted(mailbox.folder)))
            _, found = server.uid("SEARCH", "UNSEEN", "SMALLER", str(LARGEST))
            numbers = (found[0] or b"").split()[:MOST]
            return sum(_take_one(server, number.decode(), take) for number in numbers)
    except (OSError, imaplib.IMAP4.error) as wrong:
        raise MailboxUnusable(str(wrong)) from wrong


def _take_one(server: imaplib.IMAP4, number: str, take: Callable[[bytes], object]) -> int:
    _, parts = server.uid("FETCH", number, "(BODY.PEEK[])")
    raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
    if raw is None:
        return 0  # somebody deleted it in the meantime
    try:
        take(raw)
    except Exception:
        log.exception("a mail that came in could not be taken")
        return 0
    server.uid("STORE", number, "+FLAGS", r"(\Seen)")
    return 1


def _connected(mailbox: Mailbox) -> imaplib.IMAP4:
    if mailbox.is_encrypted:
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, timeout=TIMEOUT)
    return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT)


def _checked(answer: tuple[str, object]) -> None:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(f"the folder cannot be opened: {answer[1]}")


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
