"""The demo world: a partner program over a year, with its truth apart. Pure numbers and names.

`build` draws everything that happened; `demo.loading` writes it down. The same world serves tests
and benchmarks, which may look at `World.truth`; nothing that is written to a database may.
"""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from partnerloop.demo.asking import Asks, Habits, ask_all, habits
from partnerloop.demo.business import Business, draw_business
from partnerloop.demo.companies import Company, draw_companies
from partnerloop.demo.contacts import Person, draw_people
from partnerloop.demo.scenario import Scenario, first_day
from partnerloop.demo.truth import Truth, draw_truth

VENDOR = "Halden Robotics"
DEFAULT_SEED = 7


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One program over a year. `truth` is for judging only, never for the product."""

    scenario: Scenario
    at: datetime
    companies: tuple[Company, ...]
    people: tuple[Person, ...]
    habits: Habits
    asks: Asks
    business: Business
    truth: Truth

    @property
    def today(self) -> date:
        return self.at.date()

    @property
    def first_day(self) -> date:
        """Return the day on which the program's first pulse went out."""
        return first_day(self.today)


def build(scenario: Scenario, *, at: datetime, seed: int = DEFAULT_SEED) -> World:
    """This will draw a world; the same scenario, day and seed give the same one."""
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(6)]
    start = first_day(at.date())
    companies = draw_companies(scenario, start=start, rng=streams[0])
    people = draw_people(scenario, companies, rng=streams[1])
    truth = draw_truth(scenario, companies, start=start, rng=streams[2])
    nature = habits(scenario, companies, people, rng=streams[3])
    asks = ask_all(scenario, companies, people, nature, truth, at=at, rng=streams[4])
    return World(
        scenario=scenario,
        at=at,
        companies=companies,
        people=people,
        habits=nature,
        asks=asks,
        business=draw_business(companies, truth, at=at, rng=streams[5]),
        truth=truth,
    )
