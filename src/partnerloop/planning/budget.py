"""The contact budget: who may be asked on a day, and who may not and why.

It reads asks, never answers. One person is asked at most once in a pulse, for one of the partners
they work for: the one for which they have waited longest.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count

from partnerloop.core.moments import Moments, last_written
from partnerloop.partners.models import Affiliation, Partner
from partnerloop.partners.segmenting import matching
from partnerloop.partners.stopping import suppressed
from partnerloop.partners.wishing import NONE, Wishes, wishes_of
from partnerloop.planning.distance import APART, other_mails_of_late
from partnerloop.planning.reasons import Asked, NotAsked, Reason
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.pulses.wording import best_first, languages_for
from partnerloop.responses.spoken import last_spoken

YEAR = timedelta(days=365)
LISTED = 2000  # people that a query names one by one
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Askable:
    """A person who may be asked now, for one partner."""

    contact_id: int
    name: str
    languages: tuple[str, ...]
    partner_id: int
    partner_name: str
    company_id: int
    role: str
    last_asked: datetime | None

    @property
    def waiting(self) -> tuple[datetime, int]:
        """Sort by the longest wait first; whoever was never asked has waited longest."""
        return (self.last_asked or NEVER, self.contact_id)


@dataclass(frozen=True, slots=True)
class Left:
    """A person in the audience who is not asked now, and why."""

    contact_id: int
    name: str
    reason: Reason


@dataclass(frozen=True)
class Reach:
    """A pulse's audience on a day, divided into those who may be asked and those who may not."""

    askable: list[Askable]
    left: list[Left]


@dataclass(slots=True)
class Asks:
    """When a person was asked, by partner, and on which days of the last year."""

    by_partner: dict[int, datetime] = field(default_factory=dict)
    of_the_year: list[datetime] = field(default_factory=list)
    in_pulse: datetime | None = None
    spoke: datetime | None = None
    """When the person last said something by name of their own accord."""

    @property
    def last(self) -> datetime | None:
        return max(self.by_partner.values(), default=None)


NOTHING = Asks()  # of whoever was never asked; nobody writes into it


class _Place(NamedTuple):
    """One place of work with what asking there needs; a tuple, because there are many."""

    pk: int
    contact_id: int
    partner_id: int
    role: str
    name: str
    email: str
    language: str
    stopped_at: datetime | None
    partner_name: str
    partner_language: str
    parent_id: int | None


PLACE_COLUMNS = (
    "pk",
    "contact_id",
    "partner_id",
    "role",
    "contact__name",
    "contact__email",
    "contact__language",
    "contact__stopped_at",
    "partner__name",
    "partner__language",
    "partner__parent_id",
)


def reach(pulse: Pulse, *, at: datetime) -> Reach:
    """This will divide a pulse's audience, longest waiting first."""
    program = pulse.program
    places = _places(pulse, on=at.date())
    asks = asks_of_all(pulse, at=at)
    blocked = suppressed(rows[0].email for rows in places.values())
    wishes, written = wishes_of(program), other_mails_of_late(program, at=at)
    found = Reach(askable=[], left=[])
    for contact_id, rows in places.items():
        person, asked = rows[0], asks.get(contact_id, NOTHING)
        reason = refusal(
            program,
            asked=asked,
            stopped_at=person.stopped_at,
            blocked=person.email in blocked,
            wishes=wishes.get(contact_id, NONE),
            written=written.get(contact_id),
            at=at,
        )
        if reason:
            found.left.append(Left(contact_id, person.name, reason))
        else:
            found.askable.append(_askable(rows, asked, program))
    found.askable.sort(key=lambda person: person.waiting)
    return found


def refusal(
    program: Program,
    *,
    asked: Asks,
    stopped_at: datetime | None,
    blocked: bool,
    at: datetime,
    wishes: Wishes = NONE,
    written: date | None = None,
) -> Reason | None:
    """Return why a person may not be asked now, the most lasting reason first, or None."""
    if stopped := stopped_at or wishes.stopped_at:
        return Reason(NotAsked.STOPPED, last=stopped.date())
    if blocked:
        return Reason(NotAsked.UNREACHABLE)
    if asked.in_pulse:
        return Reason(NotAsked.IN_PULSE, last=asked.in_pulse.date())
    if wishes.not_before and at.date() < wishes.not_before:
        return Reason(NotAsked.SNOOZED, next=wishes.not_before)
    if len(asked.of_the_year) >= program.asks_a_year:
        recent = sorted(day for day in asked.of_the_year if day > at - YEAR)
        if len(recent) >= program.asks_a_year:
            # the ask that has to leave the year before there is room for another
            leaving = recent[len(recent) - program.asks_a_year]
            free = (leaving + YEAR).date() + timedelta(days=1)
            return Reason(NotAsked.ENOUGH, number=len(recent), next=free)
    # whole days, so that a weekly pulse is not put off by a minute
    distance = max(program.asks_every_days, wishes.every_days)
    # what a person starts is no ask, but the next one waits as if it were
    heard = max((day for day in (asked.last, asked.spoke) if day), default=None)
    if heard and (at.date() - heard.date()).days < distance:
        return Reason(NotAsked.TOO_SOON, next=heard.date() + timedelta(days=distance))
    if written and at.date() < written + APART:
        return Reason(NotAsked.WRITTEN, last=written, next=written + APART)
    return None


def asks_of(
    program: Program,
    *,
    at: datetime,
    pulse: Pulse | None = None,
    contact_id: int | None = None,
    contacts: Collection[int] | None = None,
) -> dict[int, Asks]:
    """Return what everybody, one person, or some people were asked so far."""
    rows = Invitation.objects.of(program).filter(asked_at__lte=at)
    if contact_id is not None:
        rows = rows.filter(contact=contact_id)
    if contacts is not None:
        rows = rows.filter(contact__in=contacts)
    found: dict[int, Asks] = defaultdict(Asks)
    asked = rows.order_by("asked_at").values_list(
        "contact_id", "partner_id", "pulse_id", "asked_at", "reason"
    )
    for contact, partner, of_pulse, when, reason in asked:
        asks = found[contact]
        asks.by_partner[partner] = when
        # what a person starts, or says in a talk, is no ask of ours; it only puts off the next one
        if when > at - YEAR and reason not in (Asked.OWN, Asked.TALK):
            asks.of_the_year.append(when)
        if pulse and of_pulse == pulse.pk:
            asks.in_pulse = when
    people = [contact_id] if contact_id is not None else contacts
    for contact, when in last_spoken(program, since=at - YEAR, until=at, contacts=people):
        found[contact].spoke = when
    return found


def asks_of_all(pulse: Pulse, *, at: datetime) -> dict[int, Asks]:
    """Return what everybody was asked so far, with the days of a year of those only who were asked
    as often as it allows: nothing else is read one by one.
    """
    program = pulse.program
    rows = Invitation.objects.of(program).filter(asked_at__lte=at).order_by()
    counted = rows.filter(asked_at__gt=at - YEAR).exclude(reason__in=(Asked.OWN, Asked.TALK))
    often = counted.values_list("contact_id").annotate(asks=Count("pk"))
    often = often.filter(asks__gte=program.asks_a_year)
    found: dict[int, Asks] = defaultdict(Asks)
    last = rows.values_list("contact_id", "partner_id").annotate(last=last_written("asked_at"))
    moments = Moments()
    for contact, partner, text in last:
        found[contact].by_partner[partner] = moments[text]
    heavy = [contact for contact, _ in often]
    for start in range(0, len(heavy), LISTED):
        found |= asks_of(program, at=at, contacts=heavy[start : start + LISTED])
    for contact, when in last_spoken(program, since=at - YEAR, until=at, contacts=None):
        found[contact].spoke = when
    if pulse.pk:
        for contact, when in rows.filter(pulse=pulse).values_list("contact_id", "asked_at"):
            found[contact].in_pulse = when
    return found


def _places(pulse: Pulse, *, on: date) -> dict[int, list[_Place]]:
    """Return where the people of an audience work."""
    audience = matching(pulse.program, pulse.audience, on=on)
    rows = Affiliation.objects.of(pulse.program_id).current(on).filter(partner__in=audience)
    found: dict[int, list[_Place]] = defaultdict(list)
    for place in map(_Place._make, rows.order_by("contact_id", "pk").values_list(*PLACE_COLUMNS)):
        found[place.contact_id].append(place)
    return found


def _askable(rows: Sequence[_Place], asked: Asks, program: Program) -> Askable:
    place = rows[0]
    if len(rows) > 1:
        place = min(rows, key=lambda row: (asked.by_partner.get(row.partner_id, NEVER), row.pk))
    return Askable(
        contact_id=place.contact_id,
        name=place.name,
        languages=best_first(place.language, place.partner_language, program.language),
        partner_id=place.partner_id,
        partner_name=place.partner_name,
        company_id=place.parent_id or place.partner_id,
        role=place.role,
        last_asked=asked.last,
    )


def askable_at(place: Affiliation, asked: Asks, program: Program) -> Askable:
    """Return a person as one who may be asked, for the partner of one of their places."""
    partner: Partner = place.partner
    contact = place.contact
    return Askable(
        contact_id=contact.pk,
        name=contact.name,
        languages=languages_for(program, contact=contact, partner=partner),
        partner_id=partner.pk,
        partner_name=partner.name,
        company_id=partner.company_id,
        role=place.role,
        last_asked=asked.last,
    )
