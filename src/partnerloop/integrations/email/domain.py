"""Whether the domain of a sender tells the world that our mails are its own: SPF, DKIM, DMARC.

Large mailbox providers refuse mails without them. What DNS does not answer is called unknown, never
wrong: a machine without a way out must not frighten anybody.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import dns.exception
import dns.resolver
from django.utils.translation import gettext as _

TIMEOUT = 3.0  # seconds for each question
USUAL_SELECTORS = (
    "default",
    "dkim",
    "google",
    "k1",
    "k2",
    "mail",
    "mta",
    "pm",
    "s1",
    "s2",
    "selector1",
    "selector2",
    "smtp",
)


class NoAnswer(Exception):
    """DNS did not answer: nothing is known."""


Lookup = Callable[[str], list[str]]


class State(StrEnum):
    """How one of the three stands."""

    GOOD = "good"
    MENDABLE = "mendable"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One of the three, how it stands, in one sentence; and the record as it was found."""

    name: str
    state: State
    sentence: str
    record: str = ""


def texts(name: str) -> list[str]:
    """Ask DNS for the texts of a name; none where there are none, `NoAnswer` where it is silent."""
    try:
        found = dns.resolver.resolve(name, "TXT", lifetime=TIMEOUT)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as silent:
        raise NoAnswer(name) from silent
    return [b"".join(row.strings).decode(errors="replace") for row in found]


def look_at(address: str, *, selector: str = "", lookup: Lookup = texts) -> list[Finding]:
    """This will look at the three records of the domain of an address."""
    domain = address.rpartition("@")[2].lower()
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not domain:
        return []
    checks = (
        ("SPF", lambda: _spf(domain, lookup)),
        ("DKIM", lambda: _dkim(domain, [selector] if selector else USUAL_SELECTORS, lookup)),
        ("DMARC", lambda: _dmarc(domain, lookup)),
    )
    return [_tried(name, check) for name, check in checks]


def _tried(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except NoAnswer:
        told = _("There was no answer from DNS, so that nothing is known. Try again later.")
        return Finding(name, State.UNKNOWN, told)


def _spf(domain: str, lookup: Lookup) -> Finding:
    found = [one for one in lookup(domain) if one.lower().split(" ")[0] == "v=spf1"]
    if not found:
        told = _("{domain} does not say which servers send for it. Ask whoever runs your domain.")
        return Finding("SPF", State.MISSING, told.format(domain=domain))
    if len(found) > 1:
        told = _("There are {number} SPF records; with more than one, none counts.")
        return Finding("SPF", State.MENDABLE, told.format(number=len(found)), found[0])
    if found[0].lower().split()[-1] in ("+all", "all", "?all"):
        told = _("It lets any server send for {domain}. End it with -all or ~all.")
        return Finding("SPF", State.MENDABLE, told.format(domain=domain), found[0])
    told = _("{domain} says which servers send for it. Yours must be among them.")
    return Finding("SPF", State.GOOD, told.format(domain=domain), found[0])


def _dkim(domain: str, selectors: Iterable[str], lookup: Lookup) -> Finding:
    asked = list(selectors)
    for selector in asked:
        for record in lookup(f"{selector}._domainkey.{domain}"):
            key = _tags(record).get("p")
            if key:
                told = _("A key is published under {selector}. Your mail server signs with it?")
                return Finding("DKIM", State.GOOD, told.format(selector=selector), record[:120])
            if key == "":
                told = _("The key under {selector} was withdrawn.")
                return Finding("DKIM", State.MENDABLE, told.format(selector=selector), record)
    told = _(
        "No key was found under the usual names. Your mail provider tells its name, the selector: "
        "enter it below."
    )
    if len(asked) == 1:
        told = _("No key is published under {selector}.").format(selector=asked[0])
    return Finding("DKIM", State.MISSING, told)


def _dmarc(domain: str, lookup: Lookup) -> Finding:
    labels = domain.split(".")
    parents = [".".join(labels[place:]) for place in range(max(1, len(labels) - 1))]
    for name in parents:  # a subdomain follows the domain above it
        found = [one for one in lookup(f"_dmarc.{name}") if _tags(one).get("v") == "DMARC1"]
        if not found:
            continue
        policy = _tags(found[0]).get("p", "")
        if len(found) > 1 or policy not in ("none", "quarantine", "reject"):
            told = _("The record cannot be read by mail providers.")
            return Finding("DMARC", State.MENDABLE, told, found[0])
        told = _("{domain} says what to do with mails that are not its own: {policy}.")
        return Finding("DMARC", State.GOOD, told.format(domain=name, policy=policy), found[0][:120])
    told = _("{domain} has none. Large providers refuse such mails: publish at least p=none.")
    return Finding("DMARC", State.MISSING, told.format(domain=domain))


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, equals, value in pairs if equals}
