"""Who is reached and who answers, group by group: counted asks, and answering in three words.

Whom the program asked it may count. How many of them answered is a word, from groups of twenty
people of three companies on, and it moves at the start of a week only. None of the words says that
nobody answered or that all did: either would tell of each of them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

import numpy as np
from django.db.models import Count, Exists

from partnerloop.core.bands import band
from partnerloop.core.clock import start_of, week_of
from partnerloop.core.models import Message
from partnerloop.engine.layout import Ints
from partnerloop.partners.models import Contact
from partnerloop.partners.segmenting import Place, places
from partnerloop.partners.stopping import suppressed
from partnerloop.programs.models import Program
from partnerloop.pulses.models import InvitationQuerySet
from partnerloop.release.known import companies
from partnerloop.release.models import ProgramWeek
from partnerloop.release.rates import WINDOW, answered, asked_in_window

FEWEST_PEOPLE = 20
FEWEST_COMPANIES = 3
FEWEST_OF_A_COMPANY = 5
FEW, HALF, MANY = "fewer than four in ten", "about half", "more than six in ten"
UNKNOWN = "not told: too few were asked"
NOWHERE = "not known"
KEY = "invitation:"  # what the key of a mail that asks begins with
CELL = ("contact_id", "partner_id", "role")

Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]
Label = TypeVar("Label", int, str)


@dataclass(frozen=True, slots=True)
class Group:
    """One role, segment or language: people asked, mails sent, and how many usually answer.

    `unreachable` counts those of the people whose address took no mail when this was counted.
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

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        groups = {name: [Group(*row) for row in rows] for name, rows in stored["groups"].items()}
        return cls(groups=groups, silent_companies=stored["silent_companies"])

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values, in order."""
        rows = {name: [astuple(group) for group in some] for name, some in self.groups.items()}
        return {"groups": rows, "silent_companies": self.silent_companies}


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """All asks of the weeks looked at, one entry for each person, partner and role.

    `contact` and `company` are numbers from 0; `asks`, `sent` and `answers` are counts.
    """

    labels: dict[str, list[str]]
    contact: Ints
    company: Ints
    is_unreachable: Bools
    asks: Ints
    sent: Ints
    answers: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Tally:
    """The same added up by group: how many different people and companies, and the counts."""

    people: Ints
    companies: Ints
    unreachable: Ints
    asks: Ints
    sent: Ints
    answers: Ints

    def word(self, group: int) -> str:
        """Return how many of a group's asks were answered, if it is large enough."""
        if self.people[group] < FEWEST_PEOPLE or self.companies[group] < FEWEST_COMPANIES:
            return UNKNOWN
        return _word(self.answers[group] / self.asks[group])


def coverage(program: Program, *, at: datetime) -> Coverage:
    """This will tell of the asks of thirteen weeks, up to the week before the last full one.

    All of it moves with the week only: it is kept at the tick, and told from there.
    """
    kept = ProgramWeek.objects.of(program).filter(week=week_of(at.date()))
    stored = kept.values_list("coverage", flat=True).first()
    return Coverage.from_json(stored) if stored else counted(program, at=at)


def counted(program: Program, *, at: datetime) -> Coverage:
    """This will count the same anew."""
    asked = _asked(program, at=at)
    return Coverage(
        groups={name: _groups(asked, labels) for name, labels in asked.labels.items()},
        silent_companies=band(_silent(asked)),
    )


def _asked(program: Program, *, at: datetime) -> _Asked:
    until = start_of(week_of(at.date()))
    rows = asked_in_window(program, until=until)
    cells = rows.values("contact_id", "partner_id", "role").annotate(
        asks=Count("pk"), answers=Count("pk", filter=Exists(answered(program, until=until.date())))
    )
    found = list(cells.order_by().values_list(*CELL, "asks", "answers"))
    mailed = _mailed(program, rows, since=until - WINDOW)
    contacts = [row[0] for row in found]
    groups = companies(program)
    language, unreachable = _addressed(program, set(contacts))
    return _Asked(
        labels=_labels(program, found, language, at=at),
        contact=_numbered(contacts)[1],
        company=_numbered([groups[row[1]] for row in found])[1],
        is_unreachable=np.array([one in unreachable for one in contacts], bool),
        asks=np.array([row[3] for row in found], np.int64),
        sent=np.array([mailed[row[:3]] for row in found], np.int64),
        answers=np.array([row[4] for row in found], np.int64),
    )


def _mailed(
    program: Program, rows: InvitationQuerySet, *, since: datetime
) -> Counter[tuple[int, int, str]]:
    """Count the mails that went out for these asks, by person, partner and role."""
    mails = Message.objects.filter(
        program_id=program.pk, purpose=Message.Purpose.INVITATION, sent_at__gte=since
    )
    sent = {key.removeprefix(KEY) for key in mails.values_list("key", flat=True)}
    if not sent:
        return Counter()
    asked = rows.order_by().values_list("pk", *CELL)
    return Counter((who, where, role) for pk, who, where, role in asked if str(pk) in sent)


def _addressed(program: Program, people: set[int]) -> tuple[dict[int, str], set[int]]:
    """Return the language of each of these people, and whose address takes no mail by now."""
    rows = Contact.objects.of(program).values_list("pk", "language", "email")
    known = [row for row in rows if row[0] in people]
    blocked = suppressed(email for _, _, email in known)
    language = {number: written or program.language for number, written, _ in known}
    return language, {number for number, _, email in known if email in blocked}


def _labels(
    program: Program,
    found: list[tuple[int, int, str, int, int]],
    language: dict[int, str],
    *,
    at: datetime,
) -> dict[str, list[str]]:
    """Return in which group each entry is, by what divides the groups."""
    where, nowhere = places(program, on=at.date()), Place()
    place = [where.get(row[1], nowhere) for row in found]
    return {
        "Role": [row[2] for row in found],
        "Region": [one.get("region") or NOWHERE for one in place],
        "Tier": [one.get("tier") or NOWHERE for one in place],
        "Type": [one.get("type") or NOWHERE for one in place],
        "Language": [language[row[0]] for row in found],
    }


def _groups(asked: _Asked, labels: list[str]) -> list[Group]:
    names, group = _numbered(labels)
    tally = _tallied(asked, group, count=len(names))
    return [
        Group(
            name,
            int(tally.people[number]),
            int(tally.sent[number]),
            int(tally.unreachable[number]),
            tally.word(number),
        )
        for number, name in enumerate(names)
    ]


def _tallied(asked: _Asked, group: Ints, *, count: int) -> _Tally:
    def added(counts: Ints) -> Ints:
        return np.bincount(group, weights=counts, minlength=count).astype(np.int64)

    def different(ones: Ints, among: Bools | slice = slice(None)) -> Ints:
        """Count the different ones of each group: a pair is one number, which sorts quickly."""
        kinds = int(ones.max(initial=0)) + 1
        pairs = np.unique(group[among] * kinds + ones[among])
        return np.bincount(pairs // kinds, minlength=count)

    return _Tally(
        people=different(asked.contact),
        companies=different(asked.company),
        unreachable=different(asked.contact, asked.is_unreachable),
        asks=added(asked.asks),
        sent=added(asked.sent),
        answers=added(asked.answers),
    )


def _word(share: float) -> str:
    if share < 0.4:
        return FEW
    return HALF if share <= 0.6 else MANY


def _silent(asked: _Asked) -> int:
    """Count the companies of at least five people asked where few answer; shown as a band."""
    tally = _tallied(asked, asked.company, count=int(asked.company.max(initial=-1)) + 1)
    large = np.flatnonzero(tally.people >= FEWEST_OF_A_COMPANY)
    return sum(_word(tally.answers[one] / tally.asks[one]) == FEW for one in large)


def _numbered(labels: Sequence[Label]) -> tuple[list[Label], Ints]:
    """Return the different labels in order, and for each entry the number of its own."""
    names = sorted(set(labels))
    place = {name: number for number, name in enumerate(names)}
    return names, np.array([place[one] for one in labels], np.int64)
