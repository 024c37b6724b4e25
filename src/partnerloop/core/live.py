"""What live pages watch: change counters per program and topic, and the tickets to see them.

A counter says that something released has changed, never what: figures are fetched by the page,
through the gate. Streams come from another port, where the session cookie must not go, so that a
page carries a ticket: signed, short-lived, for one program, a few topics and one viewer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

from partnerloop.core.models import LiveTopic

LIFETIME = timedelta(minutes=10)
SALT = "partnerloop.live"


class TicketRefused(Exception):
    """The ticket is not ours, was changed, or has run out."""


@dataclass(frozen=True)
class Ticket:
    """Who may watch which topics of which program; `viewer` is e.g. "user:7"."""

    program_id: int
    topics: tuple[str, ...]
    viewer: str


def counters(program_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """This will read all counters of these programs in one query."""
    found: dict[int, dict[str, int]] = {program_id: {} for program_id in program_ids}
    rows = LiveTopic.objects.filter(program_id__in=found)
    for program_id, topic, counter in rows.values_list("program_id", "topic", "counter"):
        found[program_id][topic] = counter
    return found


def signed(ticket: Ticket, *, at: datetime) -> str:
    """This will return the ticket as text for an address, valid for ten minutes from `at`."""
    until = int((at + LIFETIME).timestamp())
    return signing.dumps([ticket.program_id, *ticket.topics, ticket.viewer, until], salt=SALT)


def opened(text: str, *, at: datetime) -> tuple[Ticket, datetime]:
    """This will read a ticket back, with the time it runs out, or raise `TicketRefused`."""
    try:
        program_id, *topics, viewer, until = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise TicketRefused from None
    if at.timestamp() >= until:
        raise TicketRefused
    return Ticket(program_id, tuple(topics), viewer), datetime.fromtimestamp(until, UTC)


def state(topics: Iterable[str], counted: Mapping[str, int]) -> str:
    """This will write counters as one short text, e.g. "scores.12-today.3", to compare later."""
    return "-".join(f"{topic}.{counted.get(topic, 0)}" for topic in sorted(topics))


def changed(since: str, *, topics: Iterable[str], counted: Mapping[str, int]) -> list[str]:
    """This will name the topics whose counter differs from the one in the text `since`."""
    before = dict(part.rpartition(".")[::2] for part in since.split("-"))
    return [t for t in sorted(topics) if before.get(t) != str(counted.get(t, 0))]
