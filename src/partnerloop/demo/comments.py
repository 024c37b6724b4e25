"""What the people of the demo program write, and what the vendor's people write back."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

from numpy.random import Generator

Level = Literal["low", "middle", "high"]
LEVELS: tuple[Level, ...] = ("low", "middle", "high")
PRODUCTS = ("Carry 40", "Lift S", "Sorter R2", "Shuttle 7", "FleetView", "PickAssist", "Dock Arm")
CUSTOMERS = (
    "pharmacy chain",
    "grocery wholesaler",
    "parts dealer",
    "shoe retailer",
    "hospital group",
    "brewery",
    "furniture maker",
    "tool rental",
    "book distributor",
    "dairy",
)
EVENTS = ("the spring fair", "the partner day", "the autumn fair", "the warehouse summit")
MONEY = ("€18k", "€25k", "€40k", "€60k", "€85k", "€120k")
MONTHS = (
    "January February March April May June July August September October November December"
).split()


@dataclass(frozen=True, slots=True)
class Words:
    """The written sentences, by metric and level, and the vendor's side of the conversation."""

    comments: dict[str, dict[Level, list[str]]]
    replies: dict[str, dict[Level, list[str]]]
    planned: list[str]
    done: list[str]
    declined: list[str]


@dataclass(slots=True)
class Voice:
    """Gives out comments: each sentence at most once per partner, and evenly over the program."""

    rng: Generator
    spent: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    piles: dict[tuple[str, Level], list[str]] = field(default_factory=dict)

    def comment(self, metric: str, level: Level, *, partner: int, month: int) -> str | None:
        """Return a sentence that fits, or None where this partner has used them all."""
        for template in self._fresh(metric, level):
            if template not in self.spent[partner]:
                self.spent[partner].add(template)
                self.piles[metric, level].remove(template)
                return self._filled(template, month=month)
        return None

    def _fresh(self, metric: str, level: Level) -> Iterator[str]:
        """Walk through the pile; a pile that is used up is followed by a newly shuffled one."""
        pile = self.piles.setdefault((metric, level), [])
        yield from list(pile)
        again = list(words().comments[metric][level])
        self.rng.shuffle(again)
        pile.extend(again)
        yield from again

    def _filled(self, template: str, *, month: int) -> str:
        earlier = MONTHS[(month - 2 - int(self.rng.integers(3))) % 12]
        return template.format(
            product=self._one(PRODUCTS),
            customer=self._one(CUSTOMERS),
            event=self._one(EVENTS),
            money=self._one(MONEY),
            days=int(self.rng.integers(4, 15)),
            month=earlier,
        )

    def _one(self, among: tuple[str, ...]) -> str:
        return among[int(self.rng.integers(len(among)))]


def level_of(value: int) -> Level:
    """Return which sentences fit a value where higher is better."""
    return "low" if value <= 4 else "middle" if value <= 7 else "high"


@cache
def words() -> Words:
    """Read the sentences."""
    text = resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    return Words(
        comments=table["comments"],
        replies=table["replies"],
        planned=table["planned"]["notes"],
        done=table["done"]["notes"],
        declined=table["declined"]["reasons"],
    )
