"""How much a program sees, told to those who run it: from the ledger, named answers, public facts.

By number of contacts who may count: how many companies have a figure of their own, how old its
batch is, how soon a change shows, and what one more named answer would do. Beside it stands what to
expect of a program of this shape, so that the page says something before anybody was asked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import sqrt
from statistics import median

from django.db.models import TextField
from django.db.models.functions import Cast, Substr

from partnerloop.core.clock import start_of, week_of
from partnerloop.engine.visibility import (
    LATER,
    SOON,
    Expected,
    Habits,
    Heard,
    expected,
    weeks_seen,
)
from partnerloop.evidence.models import Atom, NamedAnswer
from partnerloop.evidence.seasoning import (
    MANAGER_DISTANCE,
    SeasoningRules,
    eligible_people,
)
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Mode, Program
from partnerloop.pulses.models import COMPOSITE
from partnerloop.release.cells import LIKELY, partner_cells
from partnerloop.release.gate import Basis, Figure
from partnerloop.release.known import Known, known_now
from partnerloop.scores.basis import NOBODY
from partnerloop.scores.modelling import current

MANY = 10**6
SIZES = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 6), (7, 8), (9, 15), (16, MANY))
ANSWERING = 0.27
"""Share of asks answered that is assumed where nothing is known; and how people then choose."""
CHOICES = {Mode.NAMED: 0.2, Mode.CONFIDENTIAL: 0.7, Mode.ANONYMOUS: 0.1}
IF_NAMED = 0.6
LARGEST_SIMULATED = 20
WEEKS_LOOKED_AT = 26
FEWEST_WEEKS = 13


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known now of companies of one size: shares from 0 to 1, ages in weeks.

    `soon` and `later` are None until answers came in for half a year.
    `range` is half the likely range of a composite, the median, and `range_after` the same after
    one more named answer, in points.
    """

    own: float
    batch: float
    age: int | None
    soon: float | None
    later: float | None
    range: float | None
    range_after: float | None


@dataclass(frozen=True, slots=True)
class SizeRow:
    """Companies by number of contacts: how many, what is seen now, what to expect after a year."""

    label: str
    companies: int
    seen: Seen | None
    expected: Expected
    if_named: Expected


@dataclass(frozen=True, slots=True)
class Visibility:
    """All sizes that a program has, all companies together, and what the estimate assumes."""

    rows: list[SizeRow]
    total: SizeRow
    habits: Habits

    @property
    def has_answers(self) -> bool:
        """Return whether there is anything beside the estimate."""
        return self.total.seen is not None

    @property
    def has_delays(self) -> bool:
        """Return whether answers came in for long enough to measure how fast a change shows."""
        return self.total.seen is not None and self.total.seen.soon is not None


@dataclass(frozen=True, slots=True)
class _Company:
    people: int
    known: Known | None
    heard: Heard
    batch_age: int | None
    in_time: dict[int, int] = field(default_factory=dict)

    def weeks_seen(self, weeks_after: int, weeks: range) -> int:
        """Return in how many weeks a change here shows in time; it is asked for twice."""
        if weeks_after not in self.in_time:
            self.in_time[weeks_after] = weeks_seen(self.heard, weeks_after, weeks=weeks)
        return self.in_time[weeks_after]


@dataclass(frozen=True, slots=True)
class _Look:
    """How one person's answer scatters, and the weeks in which a change may have fallen.

    `weeks` is None before anybody was heard, and empty until there are enough of them.
    """

    noise: float
    weeks: range | None


def visibility(program: Program, *, at: datetime) -> Visibility:
    """Return how much a program sees now, by size of company, and what it may expect."""
    found = _companies(program, at=at)
    habits = habits_of(program)
    look = _Look(noise=_noise(program), weeks=_weeks(found))
    sizes = [
        (label_of(low, high), [one for one in found if low <= one.people <= high])
        for low, high in SIZES
    ]
    rows = [_row(label, some, habits, look) for label, some in sizes if some]
    return Visibility(rows, _row("", found, habits, look), habits)


def habits_of(program: Program) -> Habits:
    """Return the rhythm that a program's settings allow, with assumed shares of answers."""
    chosen = {mode: CHOICES[mode] for mode in Mode if mode in program.modes_offered}
    total = sum(chosen.values())
    return Habits(
        every_days=max(program.asks_every_days, 365 / program.asks_a_year),
        answering=ANSWERING,
        named=chosen.get(Mode.NAMED, 0.0) / total,
        confidential=chosen.get(Mode.CONFIDENTIAL, 0.0) / total,
        minimum=program.company_minimum,
    )


def label_of(low: int, high: int) -> str:
    """Return how a size is written.

    >>> label_of(1, 1), label_of(5, 6), label_of(16, MANY)
    ('1 contact', '5–6 contacts', '16 contacts or more')
    """
    if low == high:
        return f"{low} contact{'' if low == 1 else 's'}"
    return f"{low} contacts or more" if high == MANY else f"{low}–{high} contacts"


def _companies(program: Program, *, at: datetime) -> list[_Company]:
    on = at.date()
    partners = list(Partner.objects.of(program).active(on).values_list("pk", flat=True))
    # Whoever has joined of late may count by then: sizes are about how a company will be heard.
    people = eligible_people(
        program, on=on + MANAGER_DISTANCE + timedelta(days=1), rules=SeasoningRules(program)
    )
    known = {one.partner_id: one for one in known_now(program, partners, at=at)}
    first = week_of(on) - timedelta(weeks=2 * WEEKS_LOOKED_AT)
    heard = _heard(program, since=first, at=at)
    silent = Heard((), ())
    return [
        _Company(
            people=people.get(number, 0),
            known=known.get(number),
            heard=heard.get(number, silent),
            batch_age=_batch_age(known.get(number), on=on),
        )
        for number in partners
    ]


def _heard(program: Program, *, since: date, at: datetime) -> dict[int, Heard]:
    """Return in which weeks, counted from a Monday, each company was heard on any measure."""
    named: dict[int, set[int]] = defaultdict(set)
    batches: dict[int, set[int]] = defaultdict(set)
    answers = NamedAnswer.objects.of(program).filter(at__lte=at, at__gte=start_of(since))
    # the day as text: to read a hundred thousand moments as such takes the time of a page
    days = answers.annotate(day=Substr(Cast("at", TextField()), 1, len("2024-01-31")))
    week_of_day: dict[str, int] = {}
    for partner, day in days.values_list("partner_id", "day").distinct():
        if day not in week_of_day:
            week_of_day[day] = (date.fromisoformat(day) - since).days // 7
        named[partner].add(week_of_day[day])
    atoms = Atom.objects.of(program).filter(
        kind=Atom.Kind.COMPANY, week__gte=since, week__lte=at.date()
    )
    for number, week in atoms.values_list("partner_id", "week").distinct():
        if number is not None:
            batches[number].add((week - since).days // 7)
    return {
        partner: Heard(tuple(sorted(named[partner])), tuple(sorted(batches[partner])))
        for partner in set(named) | set(batches)
    }


def _batch_age(known: Known | None, *, on: date) -> int | None:
    newest = known.weighed.recent.get(COMPOSITE, NOBODY).newest_atom if known else None
    return (week_of(on) - newest).days // 7 if newest else None


def _weeks(found: list[_Company]) -> range | None:
    """Return the weeks of the half year before the last three months, from the first one heard."""
    first = min((min(one.heard.named + one.heard.batches, default=99) for one in found), default=99)
    if first == 99:
        return None
    return range(max(first, WEEKS_LOOKED_AT - LATER), 2 * WEEKS_LOOKED_AT - LATER)


def _row(label: str, some: list[_Company], habits: Habits, look: _Look) -> SizeRow:
    named = Habits(
        every_days=habits.every_days,
        answering=habits.answering,
        named=max(habits.named, IF_NAMED) if habits.named else 0.0,
        confidential=min(habits.confidential, 1 - IF_NAMED) if habits.named else 1.0,
        minimum=habits.minimum,
    )
    return SizeRow(
        label=label,
        companies=len(some),
        seen=None if look.weeks is None else _seen(some, look.noise, look.weeks),
        expected=_expected(some, habits),
        if_named=_expected(some, named),
    )


def _seen(some: list[_Company], noise: float, weeks: range) -> Seen:
    own = [figure for one in some if (figure := _own(one)) is not None]
    ages = [one.batch_age for one in some if one.batch_age is not None]
    return Seen(
        own=len(own) / max(1, len(some)),
        batch=len(ages) / max(1, len(some)),
        age=round(median(ages)) if ages else None,
        soon=_shown(SOON, some, weeks),
        later=_shown(LATER, some, weeks),
        range=round(median(own) * LIKELY, 1) if own else None,
        range_after=(
            round(median(_after_one_more(sd, noise) for sd in own) * LIKELY, 1) if own else None
        ),
    )


def _own(one: _Company) -> float | None:
    """Return the standard deviation of a company's composite where it has one of its own."""
    if one.known is None:
        return None
    cell = partner_cells(one.known, [COMPOSITE])[COMPOSITE]
    if not isinstance(cell, Figure) or cell.basis is not Basis.OWN:
        return None
    return one.known.weighed.estimates[COMPOSITE][1]


def _after_one_more(sd: float, noise: float) -> float:
    return 1 / sqrt(1 / sd**2 + 1 / noise**2)


def _noise(program: Program) -> float:
    """Return how far one person's overall answer lies from the company's composite, in points."""
    hyper = current(program).model.hyper
    return sqrt(hyper.leniency_sd**2 + hyper.overall_noise_sd**2)


def _shown(weeks_after: int, some: list[_Company], weeks: range) -> float | None:
    """Return how often a change showed in time; None where too few weeks are known."""
    if len(weeks) < FEWEST_WEEKS or not some:
        return None
    return sum(one.weeks_seen(weeks_after, weeks) for one in some) / (len(some) * len(weeks))


def _expected(some: Iterable[_Company], habits: Habits) -> Expected:
    """Return the mean over companies of what is expected for each one's number of people."""
    sizes = Counter(min(one.people, LARGEST_SIMULATED) for one in some)
    each = [(count, expected(size, habits=habits)) for size, count in sizes.items()]
    ages = [one.age for count, one in each if one.age is not None for _ in range(count)]
    total = max(1, sizes.total())
    return Expected(
        own=sum(count * one.own for count, one in each) / total,
        batch=sum(count * one.batch for count, one in each) / total,
        soon=sum(count * one.soon for count, one in each) / total,
        later=sum(count * one.later for count, one in each) / total,
        age=median(ages) if ages else None,
    )
