"""Who is reached and who answers, group by group: counted asks, and answering in three words.

Whom the program asked it may count. How many of them answered is a word, from groups of twenty
people of three companies on, and it moves at the start of a week only. None of the words says that
nobody answered or that all did: either would tell of each of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from partnerloop.core.bands import band
from partnerloop.core.clock import start_of, week_of
from partnerloop.core.models import Message
from partnerloop.partners.models import Partner
from partnerloop.partners.segmenting import Place, places
from partnerloop.partners.stopping import suppressed
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Invitation
from partnerloop.release.rates import WINDOW
from partnerloop.responses.participation import Participation

FEWEST_PEOPLE = 20
FEWEST_COMPANIES = 3
FEWEST_OF_A_COMPANY = 5
FEW, HALF, MANY = "fewer than four in ten", "about half", "more than six in ten"
UNKNOWN = "not told: too few were asked"
NOWHERE = "not known"


@dataclass(frozen=True, slots=True)
class Group:
    """One role, segment or language: people asked, mails sent, and how many usually answer.

    `unreachable` counts those of the people whose address takes no mail by now.
    """

    label: str
    people: int
    sent: int
    unreachable: int
    answering: str

    @property
    def is_silent(self) -> bool:
        """Return whether few of many answer."""
        return self.answering == FEW


@dataclass(frozen=True, slots=True)
class Coverage:
    """All groups by what divides them, and in how many companies few of those asked answer."""

    groups: dict[str, list[Group]]
    silent_companies: str

    @property
    def silent(self) -> dict[str, list[str]]:
        """Return the labels of the silent groups, by what divides them."""
        found = {
            name: [group.label for group in groups if group.is_silent]
            for name, groups in self.groups.items()
        }
        return {name: labels for name, labels in found.items() if labels}


@dataclass(frozen=True, slots=True)
class _Ask:
    contact: int
    partner: int
    role: str
    language: str
    was_sent: bool
    is_unreachable: bool
    was_answered: bool


@dataclass
class _Tally:
    people: set[int] = field(default_factory=set)
    companies: set[int] = field(default_factory=set)
    unreachable: set[int] = field(default_factory=set)
    asks: int = 0
    sent: int = 0
    answers: int = 0


def coverage(program: Program, *, at: datetime) -> Coverage:
    """This will tell of the asks of thirteen weeks, up to the week before the last full one."""
    asks = _asks(program, at=at)
    where = places(program, on=at.date())
    nowhere = Place()
    company = {
        pk: parent or pk for pk, parent in Partner.objects.of(program).values_list("pk", "parent")
    }

    def segment(key: str) -> Callable[[_Ask], str]:
        return lambda ask: str(where.get(ask.partner, nowhere).get(key) or NOWHERE)

    by: dict[str, Callable[[_Ask], str]] = {
        "Role": lambda ask: ask.role,
        "Region": segment("region"),
        "Tier": segment("tier"),
        "Type": segment("type"),
        "Language": lambda ask: ask.language,
    }
    return Coverage(
        groups={name: _groups(asks, key, company) for name, key in by.items()},
        silent_companies=band(_silent(asks, company)),
    )


def _asks(program: Program, *, at: datetime) -> list[_Ask]:
    until = start_of(week_of(at.date()))
    rows = (
        Invitation.objects.of(program)
        .counted()
        .filter(asked_at__gte=until - WINDOW, asked_at__lt=until - (WINDOW / 13))
    )
    answered = set(
        Participation.objects.of(program)
        .filter(invitation__asked_at__gte=until - WINDOW, week__lt=until.date())
        .values_list("invitation_id", flat=True)
    )
    mails = Message.objects.filter(
        program_id=program.pk, purpose=Message.Purpose.INVITATION, sent_at__isnull=False
    )
    sent = set(mails.values_list("key", flat=True))
    asked = rows.values_list(
        "pk", "contact_id", "partner_id", "role", "contact__language", "contact__email"
    )
    found = list(asked)
    blocked = suppressed(row[-1] for row in found)
    return [
        _Ask(
            contact=contact,
            partner=partner,
            role=role,
            language=language or program.language,
            is_unreachable=email in blocked,
            was_sent=f"invitation:{pk}" in sent,
            was_answered=pk in answered,
        )
        for pk, contact, partner, role, language, email in found
    ]


def _groups(
    asks: Iterable[_Ask], key: Callable[[_Ask], str], company: dict[int, int]
) -> list[Group]:
    return [
        Group(
            label,
            len(tally.people),
            tally.sent,
            len(tally.unreachable),
            _in_words(tally),
        )
        for label, tally in sorted(_tallies(asks, key, company).items())
    ]


def _tallies(
    asks: Iterable[_Ask], key: Callable[[_Ask], str], company: dict[int, int]
) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for ask in asks:
        tally = tallies[key(ask)]
        tally.people.add(ask.contact)
        tally.companies.add(company[ask.partner])
        if ask.is_unreachable:
            tally.unreachable.add(ask.contact)
        tally.asks += 1
        tally.sent += ask.was_sent
        tally.answers += ask.was_answered
    return tallies


def _in_words(tally: _Tally) -> str:
    if len(tally.people) < FEWEST_PEOPLE or len(tally.companies) < FEWEST_COMPANIES:
        return UNKNOWN
    return _word(tally.answers / tally.asks)


def _word(share: float) -> str:
    if share < 0.4:
        return FEW
    return HALF if share <= 0.6 else MANY


def _silent(asks: Iterable[_Ask], company: dict[int, int]) -> int:
    """Count the companies of at least five people asked where few answer; shown as a band."""
    tallies = _tallies(asks, lambda ask: str(company[ask.partner]), company)
    large = [tally for tally in tallies.values() if len(tally.people) >= FEWEST_OF_A_COMPANY]
    return sum(_word(tally.answers / tally.asks) == FEW for tally in large)
