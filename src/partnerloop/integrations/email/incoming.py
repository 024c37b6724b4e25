"""What a mail that came in is: a report of one not delivered, a complaint, a machine, a reply.

Pure functions of the mail; nothing here reads the database. RFC 3464 (delivery reports), RFC 5965
(complaints), RFC 3834 (answers of machines).
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr
from enum import Enum
from html.parser import HTMLParser

from mailparser_reply import EmailReplyParser

from partnerloop.integrations.email.returning import numbers_in

LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da"]
LARGEST = 10_000_000  # bytes
DEAD = re.compile(r"^5\.1\.(0|1|2|3|6|10)$|^5\.4\.[14]$")  # no such mailbox, or no such domain
FULL = re.compile(r"^[45]\.2\.\d+$")  # the mailbox is full or closed for now
SAYS_STATUS = re.compile(r"\b[45]\.\d\.\d{1,3}\b")
MACHINE_PRECEDENCE = {"bulk", "junk", "list", "auto_reply"}
MACHINE_HEADERS = ("X-Autoreply", "X-Autorespond", "List-Id")


class Kind(Enum):
    """What came in."""

    DEAD = "the address does not exist"
    BOUNCED = "a report that does not say why"
    FULL = "the mailbox takes no mail for now"
    REFUSED = "the mail was refused for a reason that is not the address"
    COMPLAINT = "somebody called the mail spam"
    MACHINE = "an automatic answer"
    REPLY = "somebody wrote"
    EMPTY = "nothing was written"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail that came in: what it is, which mails of ours it is about, and what it says."""

    kind: Kind
    number: str  # its Message-ID
    about: tuple[str, ...]  # Message-IDs it names
    sender: str
    text: str = ""


def read(raw: bytes) -> Incoming:
    """This will say what a mail is. A mail too broken to be read says nothing."""
    mail = message_from_bytes(raw[:LARGEST], policy=policy.default)
    assert isinstance(mail, EmailMessage)
    kind = _kind(mail)
    text = _words(mail) if kind is Kind.REPLY else ""
    return Incoming(
        kind=Kind.EMPTY if kind is Kind.REPLY and not text else kind,
        number=_header(mail, "Message-ID"),
        about=_about(mail),
        sender=parseaddr(_header(mail, "From"))[1].lower(),
        text=text,
    )


def _kind(mail: EmailMessage) -> Kind:
    report = str(mail.get_param("report-type", "")).lower()
    if mail.get_content_type() == "multipart/report":
        if report == "feedback-report":
            return Kind.COMPLAINT
        if report == "delivery-status":
            return _of_report(mail)
        return Kind.MACHINE  # that it was read, and others
    if not _is_automatic(mail):
        return Kind.REPLY
    return _of_words(mail) if numbers_in(mail) and _is_by_a_server(mail) else Kind.MACHINE


def _of_words(mail: EmailMessage) -> Kind:
    """Read what a mail server wrote in words of its own, to the address a mail came back to."""
    body = mail.get_body(preferencelist=("plain", "html"))
    said = SAYS_STATUS.search(_plain(body)) if body is not None else None
    if said is None:
        return Kind.BOUNCED
    status = said.group(0)
    if DEAD.match(status):
        return Kind.DEAD
    return Kind.FULL if FULL.match(status) else Kind.BOUNCED


def _of_report(mail: EmailMessage) -> Kind:
    """Read the worst that a delivery report says of a recipient."""
    found = Kind.MACHINE  # delayed, delivered: nothing to do
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _blocks(part):
            status = str(block.get("Status", "")).split(" ")[0]
            if str(block.get("Action", "")).strip().lower() != "failed":
                continue
            if DEAD.match(status):
                return Kind.DEAD
            found = Kind.FULL if FULL.match(status) else Kind.REFUSED
    return found


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _is_automatic(mail: EmailMessage) -> bool:
    submitted = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or _header(mail, "Precedence").strip().lower() in MACHINE_PRECEDENCE
        or any(mail.get(name) is not None for name in MACHINE_HEADERS)
        or _header(mail, "Return-Path").strip() == "<>"
        or _is_by_a_server(mail)
    )


def _is_by_a_server(mail: EmailMessage) -> bool:
    return parseaddr(_header(mail, "From"))[1].lower().startswith(("mailer-daemon@", "postmaster@"))


def _about(mail: EmailMessage) -> tuple[str, ...]:
    """Return the Message-IDs of earlier mails that the mail, or one returned in it, names."""
    named = " ".join(_header(mail, name) for name in ("In-Reply-To", "References"))
    for part in mail.walk():
        if part is mail:
            continue
        if part.get_content_type() == "text/rfc822-headers":
            named += " " + " ".join(re.findall(r"(?im)^message-id:\s*(<[^>]+>)", _plain(part)))
        elif part.get("Message-ID"):
            named += f" {part['Message-ID']}"
    came_back = [f"<{number}@>" for number in numbers_in(mail)]
    return tuple(dict.fromkeys([*re.findall(r"<[^<>\s]+>", named), *came_back]))


def _words(mail: EmailMessage) -> str:
    """Return what was written, without the mail it answers and without the signature."""
    body = mail.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    text = _plain(body)
    if body.get_content_type() == "text/html":
        text = _without_markup(text)
    parsed = EmailReplyParser(languages=LANGUAGES).parse_reply(text=text)
    own = [line for line in str(parsed or "").splitlines() if not line.startswith(">")]
    return "\n".join(own).replace("\x00", "").strip()


def _plain(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:  # a character set that nobody knows
        return payload.decode("utf-8", errors="replace")


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get(name, ""))
    except (ValueError, IndexError, AttributeError):  # what the parser of headers stumbles over
        return ""


class _Text(HTMLParser):
    """Collects the words of a page, with line breaks where blocks end, and no quoted mail."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script", "head", "blockquote")
        if tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script", "head", "blockquote") and self.hidden > 0
        if tag in ("p", "div", "tr", "li"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def _without_markup(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)
