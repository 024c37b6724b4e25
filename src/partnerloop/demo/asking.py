"""A year of asks and answers: whom a demo world asks what, who answers, how and in which mode."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from partnerloop.core.clock import start_of
from partnerloop.demo.companies import Company
from partnerloop.demo.contacts import ROLES, Person
from partnerloop.demo.scenario import YEAR, Scenario
from partnerloop.demo.truth import Truth
from partnerloop.engine.interface import DIMENSIONS, Floats
from partnerloop.pulses.bank import COMPOSITE, BankQuestion, read_bank

SETTLED = 30
"""Days after which a late-comer's confidential answers count."""
WILLING_SD = 1.0
LENIENCY_SD, TASTE_SD, ROLE_SD = 0.7, 0.45, 0.15
NOISE_SD = 1.05
CANNOT_JUDGE = 0.04
CAST_ANSWERING, CAST_NAMED = 0.62, 0.9
CAST_LENIENCY = 0.5
OPEN_DAYS = 28


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """How people see, answer and sign: a row per person, in the order of `World.people`."""

    leniency: Floats
    taste: Floats  # (people, metrics), with the role's view in it
    willing: Floats  # chance to answer an ask
    named: np.ndarray
    anonymous: np.ndarray  # of those who are not named


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask of one person (an index), with what came back, if anything did."""

    person: int
    company: int
    day: int
    round: int
    asked_at: datetime
    asked: tuple[BankQuestion, ...]
    reply: "Reply | None"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person sent: raw values in the order of the rated questions; None: can't judge."""

    at: datetime
    named: bool
    anonymous: bool
    values: tuple[int | None, ...]
    oriented: tuple[int | None, ...]
    """The same with higher always better; used to find words that fit."""
    writes: bool
    """Whether this person fills in the open question."""


@dataclass(frozen=True, slots=True, eq=False)
class Asks:
    """All asks of the year, in the order in which they were made."""

    rows: tuple[Ask, ...]

    @property
    def answered(self) -> list[Ask]:
        return [ask for ask in self.rows if ask.reply]


def habits(
    scenario: Scenario,
    companies: tuple[Company, ...],
    people: tuple[Person, ...],
    *,
    rng: Generator,
) -> Habits:
    """This will draw everybody's leniency, taste, willingness and wish to be named."""
    count = len(people)
    cast = np.array([companies[person.company].part is not None for person in people])
    role = np.array([list(ROLES).index(person.role) for person in people])
    roles = rng.normal(0, ROLE_SD, (len(ROLES), len(DIMENSIONS)))
    # A role sees things differently from the others, on average nobody does: else the true score
    # of the program would not be what its people see.
    roles -= roles[role].mean(axis=0)
    willing = _chances(scenario.answering, count, rng=rng)
    willing = np.where(cast, CAST_ANSWERING, willing)
    # In a world where few are named the cast stays as shy as everybody.
    cast_named = rng.random(count) < (CAST_NAMED if scenario.named >= 0.5 else scenario.named)
    # Newcomers' answers are named at first, so a little less than the mix among the others.
    left = 0.97 * scenario.named * willing.sum() - (willing * (cast & cast_named)).sum()
    named = rng.random(count) < max(left, 0.0) / max(willing[~cast].sum(), 1e-9)
    # A stream of its own: that some are anonymous changes nothing else of the year.
    hidden = rng.spawn(1)[0].random(count) < scenario.anonymous / (1.0 - scenario.named)
    return Habits(
        leniency=rng.normal(0, LENIENCY_SD, count) * np.where(cast, CAST_LENIENCY, 1.0),
        taste=rng.normal(0, TASTE_SD, (count, len(DIMENSIONS))) + roles[role],
        willing=willing,
        named=np.where(cast, cast_named, named),
        anonymous=hidden & ~cast,
    )


def _chances(mean: float, count: int, *, rng: Generator) -> Floats:
    """Draw chances to answer that are spread over people and have a given mean."""
    spread = rng.normal(0, WILLING_SD, count)
    low, high = -8.0, 8.0
    for _ in range(50):
        middle = (low + high) / 2
        if (1 / (1 + np.exp(-(middle + spread)))).mean() < mean:
            low = middle
        else:
            high = middle
    return np.asarray(1 / (1 + np.exp(-(low + spread))))


def ask_all(
    scenario: Scenario,
    companies: tuple[Company, ...],
    people: tuple[Person, ...],
    nature: Habits,
    truth: Truth,
    *,
    at: datetime,
    rng: Generator,
) -> Asks:
    """This will ask everybody through the year, never twice within `scenario.asked_every` days."""
    room = _Room(companies, people, nature, truth, at=at, rng=rng)
    phases = rng.integers(0, scenario.asked_every, len(people))
    starts = rng.integers(0, len(DIMENSIONS), len(companies))
    rows = []
    for index, person in enumerate(people):
        day = _workday(int(phases[index]), start=truth.start)
        while day < YEAR:
            company = person.company_on(day)
            if person.is_asked(day) and companies[company].is_active(day):
                number = day // scenario.asked_every
                rows.append(room.ask(index, company, day, number, int(starts[company])))
            day = _workday(day + scenario.asked_every, start=truth.start)
    made = [row for row in rows if row.asked_at < at]
    return Asks(tuple(sorted(made, key=lambda row: (row.asked_at, row.person))))


def _workday(day: int, *, start: date) -> int:
    """Nobody is asked on a weekend: the ask waits until Monday."""
    weekday = (start.weekday() + day) % 7
    return day + (7 - weekday if weekday >= 5 else 0)


@dataclass(slots=True)
class _Room:
    """What one ask needs to know of everybody."""

    companies: tuple[Company, ...]
    people: tuple[Person, ...]
    nature: Habits
    truth: Truth
    at: datetime
    rng: Generator

    def ask(self, person: int, company: int, day: int, number: int, start: int) -> Ask:
        """Ask one person for one company; everybody there is asked the same pair in a round."""
        role = self.people[person].role
        pair = [DIMENSIONS[(start + 2 * number + step) % len(DIMENSIONS)] for step in (0, 1)]
        asked = _questions(pair, role=role, turn=person + number)
        morning = datetime.combine(
            self.truth.start + timedelta(days=day),
            time(9, int(self.rng.integers(60))),
            ZoneInfo(self.companies[company].country.zone),
        )
        asked_at = max(
            morning.astimezone(start_of(self.truth.start).tzinfo),
            start_of(self.truth.start + timedelta(days=day)) + timedelta(minutes=5),
        )
        reply = self._reply(person, company, day, asked, asked_at)
        return Ask(person, company, day, number + 1, asked_at, asked, reply)

    def _reply(
        self,
        person: int,
        company: int,
        day: int,
        asked: tuple[BankQuestion, ...],
        asked_at: datetime,
    ) -> Reply | None:
        hours = float(self.rng.lognormal(np.log(7), 1.5))
        draws = self.rng.random(3)
        noise = self.rng.normal(0, NOISE_SD, 3)
        unknown = self.rng.random(3) < CANNOT_JUDGE
        replied_at = asked_at + timedelta(hours=min(hours, 24.0 * (OPEN_DAYS - 1)))
        if draws[0] >= self.nature.willing[person] or replied_at >= self.at:
            return None
        replied = min((replied_at.date() - self.truth.start).days, YEAR - 1)
        view = self._view(person, company, replied)
        better = [self._value(q, view, noise[i]) for i, q in enumerate(q for q in asked if q.rated)]
        oriented = tuple(None if unknown[i] and i else better[i] for i in range(len(better)))
        raw = tuple(
            None if value is None else 10 - value if question.reversed else value
            for question, value in zip(asked, oriented, strict=False)
        )
        named = self._is_named(person, day)
        return Reply(
            at=replied_at,
            named=named,
            anonymous=bool(self.nature.anonymous[person]) and not named,
            values=raw,
            oriented=oriented,
            writes=bool(draws[1] < _urge(asked, oriented)),
        )

    def _view(self, person: int, company: int, day: int) -> Floats:
        nature = self.nature
        seen = self.truth.scores[day, company] + nature.leniency[person] + nature.taste[person]
        return np.asarray(seen)

    def _value(self, question: BankQuestion, view: Floats, noise: float) -> int:
        if question.overall:
            offset = {"recommend": 0.2, "ease": -0.2}.get(question.key, 0.0)
            seen = float(view.mean()) + offset
        else:
            seen = float(view[DIMENSIONS.index(question.measures)])
        return int(np.clip(np.rint(seen + noise), 0, 10))

    def _is_named(self, person: int, day: int) -> bool:
        """A newcomer's first answers can only be named."""
        entered = self.people[person].entered_day
        fresh = entered is not None and day - entered < SETTLED
        moved = self.people[person].moved_day
        fresh |= moved is not None and day >= moved  # at a new company under an old address
        return bool(self.nature.named[person]) or fresh


def _questions(pair: list[str], *, role: str, turn: int) -> tuple[BankQuestion, ...]:
    """One overall question, two dimensions, and an open question on one of them."""
    bank = read_bank()
    rated = []
    for metric in pair:
        fitting = bank.rated(metric, role=role)
        rated.append(fitting[turn % len(fitting)])
    after = ("low", "high")[turn // 2 % 2]
    topic = pair[turn % 2]
    followup = bank.follow_up(topic, after="low" if after == "low" else "high")
    return (bank.question(COMPOSITE), *rated, followup)


def _urge(asked: tuple[BankQuestion, ...], oriented: tuple[int | None, ...]) -> float:
    """Return the chance that somebody writes: more after low scores, where the question fits."""
    followup = asked[-1]
    topic = [q.measures for q in asked].index(followup.measures)
    value = oriented[topic]
    if value is None:
        return 0.0
    fits = value <= 7 if followup.follows == "low" else value >= 6
    if not fits:
        return 0.0
    return 0.62 if value <= 3 else 0.45 if value <= 5 else 0.28
