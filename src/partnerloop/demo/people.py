"""Invented names: companies and people of several languages, put together from `names.toml`.

Stems of companies are coined and pairs of names are drawn by chance: nobody real is meant. All
addresses end in `.example`, which can never be registered.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from numpy.random import Generator

LETTERS = str.maketrans({"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ß": "ss", "æ": "ae", "Æ": "ae"})


@dataclass(frozen=True, slots=True)
class Culture:
    """The name parts of one language."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    start: tuple[str, ...]
    end: tuple[str, ...]
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """Where a partner sits; `share` is the country's weight among partners."""

    code: str
    region: str
    culture: str
    language: str
    currency: str
    zone: str
    share: float


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company's name and its mail domain."""

    name: str
    domain: str


@dataclass(slots=True)
class Register:
    """Gives out names, each once."""

    rng: Generator
    companies: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    def company(self, culture: str) -> CompanyName:
        """Return a company that does not share its stem with another one."""
        parts = cultures()[culture]
        while True:
            stem = _one(self.rng, parts.start) + _one(self.rng, parts.end)
            domain = f"{plain(stem)}.example"
            if domain not in self.companies:
                self.companies.add(domain)
                return CompanyName(_one(self.rng, parts.patterns).format(stem=stem), domain)

    def person(self, culture: str, *, domain: str) -> tuple[str, str]:
        """Return a name and an address that nobody else has."""
        parts = cultures()[culture]
        while True:
            given, family = _one(self.rng, parts.given), _one(self.rng, parts.family)
            address = f"{plain(given)}.{plain(family)}@{domain}"
            if address not in self.addresses:
                self.addresses.add(address)
                return f"{given} {family}", address


def plain(name: str) -> str:
    """Return a name as addresses spell it: a-z only.

    >>> plain("van Aalst"), plain("Ødegård")
    ('vanaalst', 'odegard')
    """
    bare = unicodedata.normalize("NFKD", name.translate(LETTERS))
    return re.sub(r"[^a-z]", "", bare.lower())


@cache
def cultures() -> dict[str, Culture]:
    """Read the name parts, by language."""
    return {
        key: Culture(**{part: tuple(names) for part, names in parts.items()})
        for key, parts in _file()["cultures"].items()
    }


@cache
def countries() -> tuple[Country, ...]:
    """Read where partners sit."""
    return tuple(Country(code=code, **row) for code, row in _file()["countries"].items())


def _one(rng: Generator, among: tuple[str, ...]) -> str:
    return among[int(rng.integers(len(among)))]


@cache
def _file() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("names.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    return table
