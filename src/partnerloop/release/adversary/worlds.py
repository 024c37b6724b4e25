"""Worlds in memory for the attacker: companies that drift, people with leniency, a year of asks."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from partnerloop.engine.layout import DIMENSIONS, Floats, Ints

ITEMS = (*DIMENSIONS, "partnerscore")
OVERALL = len(DIMENSIONS)
NAMED, CONFIDENTIAL = 0, 1


@dataclass(frozen=True, slots=True)
class Spreads:
    """How answers vary: standard deviations in points, the time of drift in days."""

    mean: float = 7.0
    general: float = 0.95
    specific: float = 0.6
    tau: float = 400.0
    leniency: float = 0.8
    noise: float = 1.2

    @property
    def person(self) -> float:
        """Return how far one answer lies from its company's true score."""
        return float(np.hypot(self.leniency, self.noise))


@dataclass(frozen=True, slots=True)
class Setting:
    """Who is asked how often, and in which mode people answer: named, confidential, neither."""

    partners: int = 40
    weeks: int = 52
    every_weeks: int = 4
    response: float = 0.27
    mix: tuple[float, float, float] = (0.2, 0.7, 0.1)
    fickle: float = 0.1
    spreads: Spreads = Spreads()


BASE = Setting()
# Nearly everybody is content: means say much where all agree.
CEILING = replace(BASE, spreads=Spreads(mean=8.6, general=0.5, specific=0.3, noise=0.9))


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What people said, oldest first; each column has one entry per answer."""

    person: Ints
    partner: Ints
    item: Ints
    day: Ints
    value: Ints
    mode: Ints
    truth: Floats

    def __len__(self) -> int:
        return len(self.value)

    def where(self, chosen: np.ndarray) -> "Answers":
        """Return some of the answers."""
        return Answers(
            self.person[chosen],
            self.partner[chosen],
            self.item[chosen],
            self.day[chosen],
            self.value[chosen],
            self.mode[chosen],
            self.truth[chosen],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """A year: where each person works, and all answers."""

    setting: Setting
    works_at: Ints
    answers: Answers


def simulate(setting: Setting, *, rng: Generator) -> Simulated:
    """Return a year of one program, with companies of 2 to 20 people, 6 or 7 on average."""
    sizes = 2 + np.minimum(rng.negative_binomial(1.5, 0.25, setting.partners), 18)
    works_at = np.repeat(np.arange(setting.partners), sizes)
    people, spreads = len(works_at), setting.spreads
    leniency = rng.normal(0, spreads.leniency, people)
    usual = np.log(setting.response / (1 - setting.response))
    answers_with = 1 / (1 + np.exp(-(usual + rng.normal(0, 0.8, people))))
    prefers = rng.choice(3, people, p=setting.mix)
    truth = _levels(setting, rng=rng)
    rows = []
    for week in range(setting.weeks):
        asked = (works_at + week) % setting.every_weeks == 0
        who = np.flatnonzero(asked & (rng.random(people) < answers_with))
        mode = np.where(
            rng.random(len(who)) < setting.fickle, rng.choice(3, len(who)), prefers[who]
        )
        day = 7 * week + rng.integers(7, size=len(who))
        turn = (works_at[who] + week) // setting.every_weeks * 2
        for item in (turn % OVERALL, (turn + 1) % OVERALL, np.full(len(who), OVERALL)):
            level = truth[week, works_at[who], item]
            value = level + leniency[who] + rng.normal(0, spreads.noise, len(who))
            value = np.clip(np.rint(value), 0, 10).astype(np.int64)
            rows.append((who, works_at[who], item, day, value, mode, level))
    found = Answers(*(np.concatenate(column) for column in zip(*rows, strict=True)))
    kept = found.where(found.mode <= CONFIDENTIAL)
    return Simulated(setting, works_at, kept.where(np.argsort(kept.day, kind="stable")))


def with_helpers(
    world: Simulated, *, of_each: int, entered_week: int, rng: Generator
) -> tuple[Simulated, Ints]:
    """Return the world with contacts that a manager made up at each partner, and who they are.

    They answer with every real person, confidentially, what the manager likes.
    """
    answers, partners = world.answers, world.setting.partners
    first = len(world.works_at)
    made_up = np.repeat(np.arange(partners), of_each)
    whom = np.flatnonzero((answers.mode == CONFIDENTIAL) & (answers.day >= 7 * entered_week))
    who = first + answers.partner[whom, None] * of_each + np.arange(of_each)
    copied = answers.where(np.repeat(whom, of_each))
    theirs = replace(
        copied, person=who.ravel(), value=rng.integers(11, size=len(copied)).astype(np.int64)
    )
    columns = (
        np.concatenate((getattr(answers, name), getattr(theirs, name)))
        for name in ("person", "partner", "item", "day", "value", "mode", "truth")
    )
    both = Answers(*columns)
    works_at = np.concatenate((world.works_at, made_up))
    ordered = both.where(np.argsort(both.day, kind="stable"))
    return Simulated(world.setting, works_at, ordered), np.arange(first, len(works_at))


def _levels(setting: Setting, *, rng: Generator) -> Floats:
    """True scores (weeks, partners, items): a general drift, one per metric, and their mean."""
    spreads, shape = setting.spreads, (setting.partners, 1 + OVERALL)
    sd = np.array([spreads.general] + [spreads.specific] * OVERALL)
    keep = np.exp(-7 / spreads.tau)
    now, path = sd * rng.standard_normal(shape), []
    for _ in range(setting.weeks):
        metrics = spreads.mean + now[:, :1] + now[:, 1:]
        path.append(np.concatenate((metrics, metrics.mean(1, keepdims=True)), axis=1))
        now = keep * now + sd * np.sqrt(1 - keep**2) * rng.standard_normal(shape)
    return np.stack(path)
