"""Why somebody is asked, or not: keys that are stored, and the one sentence each says.

Reasons come from asks, addresses and wishes. Never from an answer, its absence or a score: a
reason that moved with one would tell who answered.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerloop.core.dates import written_day

Text = str | Promise


class Asked(StrEnum):
    """Why a person is asked; stored with the invitation."""

    FIRST = "first_ask"
    TURN = "longest_since_asked"
    DRAWN = "drawn"
    OVERDUE = "partner_waited"
    EVENT = "after_event"
    REQUESTED = "requested"
    OWN = "own_accord"
    TALK = "in_a_talk"


class NotAsked(StrEnum):
    """Why a person is not asked now."""

    NO_PARTNER = "works_for_no_partner"
    OUTSIDE = "outside_audience"
    STOPPED = "stopped"
    SNOOZED = "asked_to_wait"
    UNREACHABLE = "address_suppressed"
    IN_PULSE = "in_this_pulse"
    TOO_SOON = "asked_recently"
    ENOUGH = "asked_often_enough"
    WRITTEN = "written_lately"
    HAD_IT = "had_this_mail"
    NO_QUESTION = "no_question_suits"
    NOT_DRAWN = "not_drawn"
    ENTERED_LATER = "entered_later"
    NO_PULSE = "no_pulse_sent"


@dataclass(frozen=True, slots=True)
class Reason:
    """A key and the figures its sentence needs."""

    key: Asked | NotAsked
    last: date | None = None
    next: date | None = None
    number: int = 0


SENTENCES: dict[Asked | NotAsked, Text] = {
    Asked.FIRST: _("{name} has never been asked before, and belongs to this audience."),
    Asked.TURN: _("{name} belongs to this audience, and was last asked on {last}."),
    Asked.DRAWN: _(
        "{name} was drawn by chance; within a role and segment chances differ by half at most, "
        "save where a partner has waited too long."
    ),
    Asked.OVERDUE: _(
        "{name} was drawn by chance among colleagues: nobody there had been asked for {number} "
        "days, so that one of them had to be."
    ),
    Asked.EVENT: _("{name} was asked because of an event at their company."),
    Asked.REQUESTED: _(
        "{name} was asked because another system of the program requested it, within the contact "
        "budget."
    ),
    Asked.OWN: _("{name} opened the questions of their own accord."),
    Asked.TALK: _("{name} answered in a talk, and a member wrote it down."),
    NotAsked.NO_PARTNER: _("{name} works for no active partner at the moment."),
    NotAsked.OUTSIDE: _("{name} works for a partner outside this pulse's audience."),
    NotAsked.STOPPED: _("{name} asked us to stop asking, on {last}."),
    NotAsked.SNOOZED: _(
        "No question goes to {name} before {next}: they asked for a pause, or their mailbox "
        "did not take our last mail."
    ),
    NotAsked.UNREACHABLE: _("Mail to {name} is stopped: the address bounced or was blocked."),
    NotAsked.IN_PULSE: _("{name} has this pulse already; it was sent on {last}."),
    NotAsked.TOO_SOON: _("{name} is not due yet; the next ask is possible from {next}."),
    NotAsked.ENOUGH: _(
        "{name} was asked {number} times in a year, as often as this program allows; "
        "the next ask is possible from {next}."
    ),
    NotAsked.WRITTEN: _("{name} had a mail of ours lately; there is room for another from {next}."),
    NotAsked.HAD_IT: _("{name} has this mail already."),
    NotAsked.NO_QUESTION: _("No rated question suits the role of {name}."),
    NotAsked.NOT_DRAWN: _(
        "{name} could be asked and was not drawn this time; each pulse draws anew by chance."
    ),
    NotAsked.ENTERED_LATER: _("{name} was entered after the last pulse was sent, on {last}."),
    NotAsked.NO_PULSE: _("{name} has not been asked: no pulse has been sent yet."),
}
# The same for a list that counts people.
HEADINGS: dict[NotAsked, Text] = {
    NotAsked.NO_PARTNER: _("work for no active partner"),
    NotAsked.OUTSIDE: _("work for a partner outside the audience"),
    NotAsked.STOPPED: _("asked us to stop asking"),
    NotAsked.SNOOZED: _("asked us to wait, or have a mailbox that takes no mail for now"),
    NotAsked.UNREACHABLE: _("have an address that bounced or was blocked"),
    NotAsked.IN_PULSE: _("have this pulse already"),
    NotAsked.TOO_SOON: _("are not due yet"),
    NotAsked.ENOUGH: _("were asked as often as a year allows"),
    NotAsked.WRITTEN: _("had another mail of ours lately"),
    NotAsked.HAD_IT: _("have this mail already"),
    NotAsked.NO_QUESTION: _("have a role that no question suits"),
    NotAsked.NOT_DRAWN: _("could be asked, and were not drawn this time"),
    NotAsked.ENTERED_LATER: _("were entered after the pulse was sent"),
    NotAsked.NO_PULSE: _("were not asked, as no pulse has been sent"),
}

# The same for what holds up one ask that waits.
HELD_UP: dict[NotAsked, Text] = {
    NotAsked.NO_PARTNER: _("works there no longer"),
    NotAsked.STOPPED: _("asked us to stop asking"),
    NotAsked.SNOOZED: _("asked us to wait, or the mailbox takes no mail for now"),
    NotAsked.UNREACHABLE: _("the address bounced or was blocked"),
    NotAsked.TOO_SOON: _("not due yet"),
    NotAsked.ENOUGH: _("asked as often as a year allows"),
    NotAsked.WRITTEN: _("not due yet: had another mail lately"),
    NotAsked.NO_QUESTION: _("its questions are for other roles, or retired"),
}


def sentence(reason: Reason, *, name: str) -> str:
    """Return the reason as one sentence about a person."""
    return str(SENTENCES[reason.key]).format(
        name=name, last=_day(reason.last), next=_day(reason.next), number=reason.number
    )


def _day(day: date | None) -> str:
    return written_day(day) if day else ""
