"""A simulated partner program with known truth. Its numbers are assumptions, not customers.

Every metric of a partner drifts slowly around its segment's mean, jumps now and then, and mends
half-way in a year. People see it through their leniency, role, taste, mood and noise; they answer
whole numbers, or not at all.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bench.scenarios import Scenario
from partnerloop.engine.columns import Columns
from partnerloop.engine.interface import Floats, Ints, Layout

TYPES, TIERS = 4, 4
METRICS = 7
ROLE_SHARES = np.array([0.35, 0.15, 0.2, 0.12, 0.18])
MEND = 500.0
WARM_UP = 365
TENURE = 900.0
LAYOUT = Layout(segments=tuple(f"{t}-{r}" for t in range(TYPES) for r in range(TIERS)))


@dataclass(frozen=True, slots=True, eq=False)
class Jumps:
    """Sudden changes: the partner, the day, and points per metric (jumps, METRICS)."""

    partner: Ints
    day: Ints
    size: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """People of the partners; they stay from ``joined`` until before ``left``."""

    partner: Ints
    role: Ints
    joined: Ints
    left: Ints
    leniency: Floats
    taste: Floats
    willing: Floats
    junk: Ints
    walk: Floats


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One program; ``truth`` (days, partners, METRICS) is for judging, never for the engine."""

    scenario: Scenario
    days: int
    segments: Ints
    weight: Floats
    truth: np.ndarray
    jumps: Jumps
    contacts: Contacts
    role_offsets: Floats
    colluding_from: Floats

    @property
    def partners(self) -> int:
        return len(self.segments)

    def active(self, day: int) -> Ints:
        """This will list the contacts who are there on a day."""
        who = self.contacts
        return np.flatnonzero((who.joined <= day) & (day < who.left))

    def view(self, who: Ints, *, day: int) -> Floats:
        """This will tell how contacts see their partner's metrics: (contacts, METRICS)."""
        people = self.contacts
        mood = self.scenario.season * np.sin(2 * np.pi * day / 365.0)
        walk = people.walk[who, day // 7] if self.scenario.leniency_walk else 0.0
        person = people.leniency[who] + walk + mood
        seen = self.truth[day, people.partner[who]] + person[:, None] + people.taste[who]
        return np.asarray(seen + self.role_offsets[people.role[who]], float)


def build(scenario: Scenario, *, partners: int, days: int, rng: Generator) -> World:
    """This will make a program that has been running for a while when day 0 comes."""
    segments = rng.integers(TYPES * TIERS, size=partners)
    kind, tier = segments // TIERS, segments % TIERS
    level = scenario.mean + rng.normal(0, 0.4, METRICS)
    level = level + rng.normal(0, 0.35, (TYPES, METRICS))[kind]
    level = level + (tier - 1.5)[:, None] * 0.25
    jumps = _jumps(scenario, partners=partners, days=days, rng=rng)
    drift = _drift(scenario, partners=partners, days=days, rng=rng)
    truth = level + drift + _mending(jumps, partners=partners, days=days)
    contacts = _contacts(scenario, partners=partners, days=days, rng=rng)
    colluders = rng.random(partners) < scenario.colluding
    return World(
        scenario=scenario,
        days=days,
        segments=segments,
        weight=rng.lognormal(0, 1, partners) * np.array([1.0, 2, 4, 10])[tier],
        truth=np.clip(truth, 0, 10).astype(np.float32),
        jumps=jumps,
        contacts=contacts,
        role_offsets=_role_offsets(scenario, rng=rng),
        colluding_from=np.where(colluders, rng.uniform(0, days, partners), np.inf),
    )


def _role_offsets(scenario: Scenario, *, rng: Generator) -> Floats:
    offsets = rng.normal(0, scenario.role_sd, (len(ROLE_SHARES), METRICS))
    if scenario.role_shift:
        offsets[2] -= 0.8
    return np.asarray(offsets - offsets.mean(0))


def _drift(scenario: Scenario, *, partners: int, days: int, rng: Generator) -> np.ndarray:
    """Two Ornstein-Uhlenbeck processes on a daily grid."""
    shape = (partners, 1 + METRICS)
    tau = np.array([scenario.general_tau] + [scenario.specific_tau] * METRICS)
    sd = np.array([scenario.general_sd] + [scenario.specific_sd] * METRICS)
    keep = np.exp(-1 / tau)
    move = sd * np.sqrt(1 - keep**2)
    path = np.empty((days, partners, METRICS), np.float32)
    now = sd * rng.standard_normal(shape)
    for day in range(days):
        path[day] = now[:, :1] + now[:, 1:]
        now = keep * now + move * rng.standard_normal(shape)
    return path


def _jumps(scenario: Scenario, *, partners: int, days: int, rng: Generator) -> Jumps:
    count = int(rng.poisson(scenario.jumps * partners * (days + WARM_UP) / 365.0))
    kind = rng.random(count)
    size = np.zeros((count, METRICS))
    drop, rise = kind < 0.45, (kind >= 0.45) & (kind < 0.6)
    size[drop] = -rng.uniform(1.5, 3.0, count)[drop, None]
    size[rise] = rng.uniform(0.8, 1.8, count)[rise, None]
    one = np.flatnonzero(kind >= 0.6)
    sign = np.where(rng.random(len(one)) < 0.7, -1.0, 1.0)
    size[one, rng.integers(METRICS, size=len(one))] = sign * rng.uniform(0.7, 2.2, len(one))
    day = rng.integers(-WARM_UP, days, count)
    return Jumps(partner=rng.integers(partners, size=count), day=day, size=size)


def _mending(jumps: Jumps, *, partners: int, days: int) -> np.ndarray:
    """What is left of all jumps on each day: they fade by themselves, slowly."""
    path = np.zeros((days, partners, METRICS), np.float32)
    first = np.maximum(jumps.day, 0)
    left = np.exp(-(first - jumps.day) / MEND)[:, None] * jumps.size
    np.add.at(path, (first, jumps.partner), left.astype(np.float32))
    keep = np.float32(np.exp(-1 / MEND))
    for day in range(1, days):
        path[day] += keep * path[day - 1]
    return path


def _contacts(scenario: Scenario, *, partners: int, days: int, rng: Generator) -> Contacts:
    """Posts at partners; who leaves a post is replaced after a while."""
    posts = np.repeat(np.arange(partners), _staff(scenario, partners=partners, rng=rng))
    partner, joined, left = [], [], []
    start = np.full(len(posts), -1.0)
    while len(posts):
        end = np.maximum(start, 0) + rng.exponential(TENURE, len(posts))
        partner.append(posts)
        joined.append(np.maximum(start, 0))
        left.append(np.minimum(end, days))
        start = end + rng.exponential(30.0, len(posts))
        going = start < days
        posts, start = posts[going], start[going]
    who = np.concatenate(partner)
    since = np.concatenate(joined).astype(np.int64)
    until = np.concatenate(left).astype(np.int64)
    count = len(who)
    role = rng.choice(len(ROLE_SHARES), count, p=ROLE_SHARES)
    late = (since > days // 3) & (rng.random(count) < scenario.role_shift)
    role = np.where(late, 2, role)
    steps = rng.normal(0, 1, (count, days // 7 + 1)) if scenario.leniency_walk else np.zeros((1, 1))
    yearly = scenario.leniency_walk / np.sqrt(52.0)
    base = rng.normal(0, scenario.response_sd, count)
    return Contacts(
        partner=who,
        role=role,
        joined=since,
        left=until,
        leniency=rng.normal(0, scenario.leniency_sd, count),
        taste=rng.normal(0, scenario.taste_sd, (count, METRICS)),
        willing=base + np.log(scenario.response / (1 - scenario.response)),
        junk=np.where(rng.random(count) < scenario.junk, rng.integers(1, 3, count), 0),
        walk=np.cumsum(steps * yearly, axis=1),
    )


def _staff(scenario: Scenario, *, partners: int, rng: Generator) -> Ints:
    """How many posts each partner has: 2.9 on average and at most 9, or 8 on average."""
    if not scenario.large:
        return np.asarray(1 + np.minimum(rng.negative_binomial(1.6, 0.45, partners), 8))
    few, many = rng.integers(1, 7, partners), rng.integers(7, 24, partners)
    return np.where(rng.random(partners) < 0.6, few, many)


@dataclass(frozen=True, slots=True, eq=False)
class Replies:
    """What came back from asks: ``answered`` per ask; ``values`` NaN where no number was given."""

    answered: Ints
    values: Floats


def ask(
    world: World, *, who: Ints, items: Ints, day: int, recent: Floats, rng: Generator
) -> Replies:
    """This will ask contacts (asks,) some items each (asks, k) and give what they answer.

    ``recent`` is the number of asks each got in the last 30 days. Uses the same number of random
    draws for the same asks, so that two designs can share a seed.
    """
    scenario = world.scenario
    view = world.view(who, day=day)
    logit = world.contacts.willing[who] - scenario.fatigue * recent
    logit = logit + scenario.gamma * (view.mean(1) - 7.0) / 2
    answered = rng.random(len(who)) < 1 / (1 + np.exp(-logit))
    noise = _noise(scenario, shape=items.shape, rng=rng)
    overall = view.mean(1)[:, None] + np.array([0.0, 0.3, -0.3])
    full = np.concatenate((view, overall), 1)
    values = np.take_along_axis(full, items, 1) + noise
    values = _odd_people(world, who=who, day=day, values=values, rng=rng)
    values = np.clip(np.rint(values), 0, 10)
    values[rng.random(items.shape) < scenario.cannot_judge] = np.nan
    values[~answered] = np.nan
    return Replies(answered=answered.astype(np.int64), values=values)


def _noise(scenario: Scenario, *, shape: tuple[int, ...], rng: Generator) -> Floats:
    normal = scenario.noise_sd * rng.standard_normal(shape)
    if not scenario.tails:
        return normal
    chi = rng.chisquare(scenario.tails, shape) / scenario.tails
    return np.asarray(normal / np.sqrt(chi))


def _odd_people(world: World, *, who: Ints, day: int, values: Floats, rng: Generator) -> Floats:
    """Junk contacts click anywhere, or always the same; colluders agree on a high number."""
    anywhere = rng.uniform(0, 10, values.shape)
    kind = world.contacts.junk[who]
    values = np.where((kind == 1)[:, None], anywhere, values)
    values = np.where((kind == 2)[:, None], (who % 11)[:, None], values)
    together = world.colluding_from[world.contacts.partner[who]] <= day
    return np.where(together[:, None], 9.0, values)


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """All asks of a schedule, and the answers as the engine's columns."""

    contact: Ints
    day: Ints
    items: Ints
    answered: Ints
    columns: Columns


def every_four_weeks(world: World, *, design: str, rng: Generator, every: int = 28) -> Log:
    """This will ask everybody every 28 days: ``rotate`` three dimensions, or ``overall`` plus two.

    A contact's turn within that time, and where the rotation starts, are random.
    """
    people = world.contacts
    phase = rng.integers(every, size=len(people.partner))
    first = rng.integers(METRICS, size=len(people.partner))
    contact, days, items, answered, values = [], [], [], [], []
    for day in range(world.days):
        who = world.active(day)
        who = who[(day + phase[who]) % every == 0]
        turn = (day + phase[who]) // every
        chosen = _rotation(design, start=first[who] + turn * (3 if design == "rotate" else 2))
        chosen = chosen.reshape(len(who), 3)
        reply = ask(world, who=who, items=chosen, day=day, recent=np.ones(len(who)), rng=rng)
        contact.append(who)
        days.append(np.full(len(who), day))
        items.append(chosen)
        answered.append(reply.answered)
        values.append(reply.values)
    return collect(
        world,
        contact=np.concatenate(contact),
        day=np.concatenate(days),
        items=np.concatenate(items),
        answered=np.concatenate(answered),
        values=np.concatenate(values),
    )


def _rotation(design: str, *, start: Ints) -> Ints:
    if design == "rotate":
        return (start[:, None] + np.arange(3)) % METRICS
    if design == "overall":
        pair = (start[:, None] + np.arange(2)) % METRICS
        return np.concatenate((np.full((len(start), 1), METRICS), pair), axis=1)
    raise ValueError(f"unknown design {design!r}: rotate or overall")


def collect(
    world: World, *, contact: Ints, day: Ints, items: Ints, answered: Ints, values: Floats
) -> Log:
    """This will turn asks (n,), items and values (n, k) in order of days into a log."""
    row, place = np.nonzero(~np.isnan(values))
    who = contact[row]
    columns = Columns.named(
        segments=world.segments,
        partner=world.contacts.partner[who],
        day=day[row] + place * 0.001,
        metric=items[row, place],
        value=values[row, place],
        rater=who,
        role=world.contacts.role[who],
    )
    return Log(contact=contact, day=day, items=items, answered=answered, columns=columns)
