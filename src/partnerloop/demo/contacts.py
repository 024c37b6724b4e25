"""The contacts of a demo world: names, roles, when they came, when they moved or stopped."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from partnerloop.demo.companies import Company
from partnerloop.demo.people import Register
from partnerloop.demo.scenario import YEAR, Scenario

ROLES = {
    "sales": 0.36,
    "technical": 0.24,
    "marketing": 0.14,
    "executive": 0.12,
    "operations": 0.14,
}
CAME_LATER = 0.06
MOVED = 0.012
STOPPED = 0.012


@dataclass(frozen=True, slots=True)
class Person:
    """A contact of a company (an index). Days count from the first day; None: it never happened."""

    name: str
    email: str
    company: int
    role: str
    entered_day: int | None
    """None: entered with the first import, before the first pulse."""
    moved_day: int | None
    moved_to: int | None
    stopped_day: int | None

    def company_on(self, day: int) -> int:
        """Return where this person works on a day."""
        if self.moved_to is None or self.moved_day is None or day < self.moved_day:
            return self.company
        return self.moved_to

    def is_asked(self, day: int) -> bool:
        """Return whether this person can be asked on a day."""
        entered = self.entered_day is None or self.entered_day <= day
        return entered and (self.stopped_day is None or day < self.stopped_day)


def draw_people(
    scenario: Scenario, companies: tuple[Company, ...], *, rng: Generator
) -> tuple[Person, ...]:
    """This will draw everybody who works for the companies, in their order."""
    register = Register(rng)
    found = []
    for index, company in enumerate(companies):
        roles = _roles(company.contacts, rng=rng)
        for role in roles:
            name, address = register.person(company.country.culture, domain=company.domain)
            found.append(_person(name, address, index, role, companies, rng=rng))
    return tuple(found)


def _roles(count: int, *, rng: Generator) -> list[str]:
    """The first person of a company sells; the others are drawn."""
    drawn = rng.choice(list(ROLES), count - 1, p=list(ROLES.values()))
    return ["sales", *(str(role) for role in drawn)]


def _person(
    name: str,
    address: str,
    company: int,
    role: str,
    companies: tuple[Company, ...],
    *,
    rng: Generator,
) -> Person:
    later, moves, stops = rng.random(3)
    day = int(rng.integers(30, YEAR - 5))
    in_cast = companies[company].part is not None
    target = int(rng.integers(len(companies))) if moves < MOVED and not in_cast else None
    if target is not None and (target == company or companies[target].part is not None):
        target = None
    return Person(
        name=name,
        email=address,
        company=company,
        role=role,
        entered_day=day if later < CAME_LATER and target is None and not in_cast else None,
        moved_day=None if target is None else day,
        moved_to=target,
        stopped_day=int(np.clip(day + 60, 0, YEAR - 1))
        if stops < STOPPED and not in_cast
        else None,
    )
