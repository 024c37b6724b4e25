"""The sentences that respondents are told, a file per language, each read and checked once."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

LAST_RESORT = "en"
BRACES = re.compile(r"\{(\w+)\}")


class PromisesBroken(ValueError):
    """A file of promises lacks a sentence or a figure that the English one has."""


@dataclass(frozen=True, slots=True)
class Promises:
    """All sentences of one language, by table and key."""

    language: str
    labels: Mapping[str, str]
    modes: Mapping[str, str]
    asking: Mapping[str, str]
    page: Mapping[str, str]


@cache
def languages() -> tuple[str, ...]:
    """List the languages that promises are written in."""
    names = (entry.name for entry in resources.files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def promises_in(wanted: Sequence[str]) -> Promises:
    """Return the promises in the first wanted language that there are, else in English."""
    known = languages()
    return read(next((one for one in wanted if one in known), LAST_RESORT))


@cache
def read(language: str) -> Promises:
    """Read one language; a sentence that is missing or promises less than the English is refused.

    Every figure that the English sentence names must be named.
    """
    source = resources.files(__package__).joinpath(f"{language}.toml")
    found = tomllib.loads(source.read_text(encoding="utf-8"))
    promises = Promises(**found)
    if language != LAST_RESORT:
        _compare(promises, read(LAST_RESORT))
    return promises


def _compare(given: Promises, model: Promises) -> None:
    for table in ("labels", "modes", "asking", "page"):
        ours, theirs = getattr(given, table), getattr(model, table)
        if ours.keys() != theirs.keys():
            odd = ", ".join(sorted(ours.keys() ^ theirs.keys()))
            raise PromisesBroken(f"{given.language}.toml, {table}: {odd}")
        for key, sentence in theirs.items():
            if set(BRACES.findall(ours[key])) != set(BRACES.findall(sentence)):
                raise PromisesBroken(f"{given.language}.toml, {table}.{key}: its figures differ")
