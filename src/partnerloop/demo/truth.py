"""The true scores of a demo world: seven correlated dimensions that drift, break and recover.

For judging only. Nothing written to a database may come from here but through people's answers.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator

from partnerloop.demo.companies import Company
from partnerloop.demo.scenario import YEAR, Part, Scenario
from partnerloop.engine.interface import DIMENSIONS, Floats

LEVELS = {
    "communication": 6.1,
    "conflict": 6.5,
    "cooperation": 6.7,
    "credibility": 5.8,
    "mutual_interest": 6.3,
    "social_bonding": 7.4,
    "commitment": 7.5,
}
GENERAL_SD, GENERAL_DAYS = 0.75, 400.0
SPECIFIC_SD, SPECIFIC_DAYS = 0.5, 250.0
MENDING_DAYS = 300.0
TIERS = {"Platinum": 0.5, "Gold": 0.25, "Silver": 0.0, "Registered": -0.25}
LOWEST, HIGHEST = 0.3, 9.7
CAST_CALM = 0.2
"""How much of the usual drift the cast has: its stories must stay what they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """True scores (days, partners, metrics), points 0-10, and what broke when."""

    start: date
    scores: Floats
    breaks: tuple["Break", ...]

    def of(self, partner: int, metric: str, *, on: date) -> float:
        """Return the true score of a partner (by its index in the world) on a day."""
        day = (on - self.start).days
        return float(self.scores[day, partner, DIMENSIONS.index(metric)])

    def composite(self, partner: int, *, on: date) -> float:
        """Return the true PartnerScore: the mean of the seven."""
        return float(self.scores[(on - self.start).days, partner].mean())


@dataclass(frozen=True, slots=True)
class Break:
    """A sudden move of one partner on a day: points per metric."""

    partner: int
    day: int
    size: tuple[float, ...]


def draw_truth(
    scenario: Scenario, companies: tuple[Company, ...], *, start: date, rng: Generator
) -> Truth:
    """This will draw the year of every partner."""
    level = _levels(companies, rng=rng)
    calm = np.array([CAST_CALM if company.part else 1.0 for company in companies])
    drift = _drift(len(companies), rng=rng) * calm[:, None]
    breaks = _breaks(scenario, companies, rng=rng)
    path = level + drift + _mending(breaks, partners=len(companies))
    for change in scenario.changes:
        concerned = [
            not change.region or company.country.region == change.region for company in companies
        ]
        since = YEAR - 1 - change.days_ago
        path[since:, np.array(concerned), DIMENSIONS.index(change.metric)] += change.effect
    for index, company in enumerate(companies):
        if company.part:
            path[:, index] += _story(company.part, path[:, index])
    return Truth(start, np.clip(path, LOWEST, HIGHEST), tuple(breaks))


def _levels(companies: tuple[Company, ...], *, rng: Generator) -> Floats:
    """Where partners of a kind stand: each type, tier and region has its own mean."""
    base = np.array([LEVELS[metric] for metric in DIMENSIONS])
    by_type = {c.type: None for c in companies}
    by_region = {c.country.region: None for c in companies}
    types = {key: rng.normal(0, 0.25, len(base)) for key in by_type}
    regions = {key: rng.normal(0, 0.25, len(base)) for key in by_region}
    rows = [base + types[c.type] + regions[c.country.region] + TIERS[c.tier] for c in companies]
    return np.array(rows)


def _drift(partners: int, *, rng: Generator) -> Floats:
    """Two mean-reverting walks a day: one that all metrics share, one for each."""
    metrics = len(DIMENSIONS)
    days = np.array([GENERAL_DAYS] + [SPECIFIC_DAYS] * metrics)
    sd = np.array([GENERAL_SD] + [SPECIFIC_SD] * metrics)
    keep = np.exp(-1 / days)
    step = sd * np.sqrt(1 - keep**2)
    now = sd * rng.standard_normal((partners, 1 + metrics))
    path = np.empty((YEAR, partners, metrics))
    for day in range(YEAR):
        path[day] = now[:, :1] + now[:, 1:]
        now = keep * now + step * rng.standard_normal(now.shape)
    return path


def _breaks(scenario: Scenario, companies: tuple[Company, ...], *, rng: Generator) -> list[Break]:
    """Drops and rises of all metrics, and moves of single ones; half of the drops recover."""
    open_to = [index for index, company in enumerate(companies) if company.part is None]
    found = []
    for _ in range(int(rng.poisson(scenario.breaks * len(open_to)))):
        partner, day = int(rng.choice(open_to)), int(rng.integers(20, YEAR))
        drops = rng.random() < 0.7
        size = -rng.uniform(1.5, 2.8) if drops else rng.uniform(0.9, 1.8)
        found.append(Break(partner, day, tuple(size + rng.normal(0, 0.3, len(DIMENSIONS)))))
        later = day + int(rng.integers(60, 150))
        if drops and later < YEAR and rng.random() < 0.5:
            found.append(Break(partner, later, (-0.8 * size,) * len(DIMENSIONS)))
    for _ in range(int(rng.poisson(scenario.shifts * len(open_to)))):
        one = np.zeros(len(DIMENSIONS))
        one[rng.integers(len(DIMENSIONS))] = rng.choice([-1, -1, 1]) * rng.uniform(0.8, 2.2)
        found.append(Break(int(rng.choice(open_to)), int(rng.integers(20, YEAR)), tuple(one)))
    return sorted(found, key=lambda one: (one.day, one.partner))


def _mending(breaks: list[Break], *, partners: int) -> Floats:
    """What is left of all breaks on each day: they fade by themselves, slowly."""
    path = np.zeros((YEAR, partners, len(DIMENSIONS)))
    for one in breaks:
        path[one.day, one.partner] += one.size
    keep = float(np.exp(-1 / MENDING_DAYS))
    for day in range(1, YEAR):
        path[day] += keep * path[day - 1]
    return path


def _story(part: Part, drawn: Floats) -> Floats:
    """Return what brings a partner of the cast to its levels, and moves it when its day comes."""
    level = np.array([part.level(metric) for metric in DIMENSIONS])
    move = np.array([part.move(metric) for metric in DIMENSIONS])
    after = (np.arange(YEAR) >= YEAR - 1 - part.days_ago) if part.days_ago else np.zeros(YEAR)
    return np.asarray(level - drawn.mean(0) + after[:, None] * move)
