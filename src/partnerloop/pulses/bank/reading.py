"""Reading and checking a bank file, with errors that name file, key and field.

`en.toml` decides the shape of every question; the files of other languages hold words only.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from partnerloop.pulses.bank.wording import (
    AUDIENCES,
    COMPOSITE,
    DIMENSIONS,
    OVERALL,
    PARTNER,
    ROLES,
    SUBJECTS,
    VENDOR,
    Bank,
    BankMetric,
    BankQuestion,
    Follows,
    Kind,
    Purpose,
)

Choice = TypeVar("Choice", bound=str)

KINDS: tuple[Kind, ...] = ("rated", "open")
FOLLOWS: tuple[Follows, ...] = ("low", "high")

FIRST_LANGUAGE = "en"
PURPOSES: tuple[Purpose, ...] = ("driver", "event", "touchpoint", "outlook", "comparison")
PURPOSES += ("customer", "prediction", "mirror")

_METRIC_FIELDS = {"name", "definition"}
_COMMON_FIELDS = {"version", "kind", "metric", "overall", "purpose", "about", "text", "roles"}
_RATED_FIELDS = _COMMON_FIELDS | {"low", "high", "reversed"}
_OPEN_FIELDS = _COMMON_FIELDS | {"follows"}
_RATED_WORDS = {"version", "text", "low", "high"}
_OPEN_WORDS = {"version", "text"}
_BRACES = re.compile(r"\{[^}]*\}?|\}")


class BankError(ValueError):
    """A bank file that cannot be used; the message names file, key and field."""


def languages() -> tuple[str, ...]:
    """List the languages that the bank is written in."""
    names = (entry.name for entry in resources.files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def read_bank(language: str = "en") -> Bank:
    """Read the bank in one language; each file is read and checked once per process."""
    if language not in languages():
        raise BankError(f"{language}.toml: there is no question bank in this language")
    source = f"{language}.toml"
    text = resources.files(__package__).joinpath(source).read_text(encoding="utf-8")
    if language == FIRST_LANGUAGE:
        return parse_bank(text, source=source)
    return parse_words(text, like=read_bank(FIRST_LANGUAGE), source=source)


def parse_bank(text: str, *, source: str) -> Bank:
    """Check a bank file's text and turn it into a Bank; `source` is its name in errors."""
    root = _root(text, source)
    metrics = tuple(_metric(fields) for fields in root.tables("metrics"))
    questions = tuple(_question(fields) for fields in root.tables("questions"))
    bank = Bank(root.label("language"), metrics, questions)
    _refuse_gaps(bank, source)
    return bank


def parse_words(text: str, *, like: Bank, source: str) -> Bank:
    """Check a file of words and dress the questions of another language in them."""
    root = _root(text, source)
    metrics = {fields.key: fields for fields in root.tables("metrics")}
    questions = {fields.key: fields for fields in root.tables("questions")}
    root.refuse_difference("metrics", metrics, [metric.key for metric in like.metrics])
    root.refuse_difference("questions", questions, [question.key for question in like.questions])
    return Bank(
        root.label("language"),
        tuple(_metric(metrics[metric.key]) for metric in like.metrics),
        tuple(_worded(question, questions[question.key]) for question in like.questions),
    )


def _root(text: str, source: str) -> "_Fields":
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BankError(f"{source}: not readable as TOML: {error}") from error
    root = _Fields(table, where=source)
    root.refuse_others({"language", "metrics", "questions"})
    return root


class _Fields:
    """One table of the file, that knows its place and complains with it."""

    def __init__(self, table: Mapping[str, Any], *, where: str) -> None:
        self.table = table
        self.where = where
        self.key = where.rpartition(".")[2]

    def error(self, field: str, complaint: str) -> BankError:
        return BankError(f"{self.where}: {field}: {complaint}")

    def refuse_others(self, known: set[str]) -> None:
        for field in self.table:
            if field not in known:
                raise self.error(field, "is not a field here")

    def refuse_difference(self, field: str, found: Mapping[str, object], wanted: list[str]) -> None:
        """Refuse keys that are missing, and keys that nobody knows."""
        for key in wanted:
            if key not in found:
                raise self.error(f"{field}.{key}", "is missing")
        for key in found:
            if key not in wanted:
                raise self.error(f"{field}.{key}", "is not in the first language")

    def tables(self, field: str) -> list["_Fields"]:
        found = self.table.get(field)
        if not isinstance(found, dict) or not found:
            raise self.error(field, "is missing or empty")
        for key, inner in found.items():
            if not isinstance(inner, dict):
                raise self.error(f"{field}.{key}", "must be a table")
        return [
            _Fields(inner, where=f"{self.where}: {field}.{key}") for key, inner in found.items()
        ]

    def text(self, field: str, *, of: Purpose) -> str:
        """Read words that may name the vendor, and where others are asked the partner too."""
        value = self._words(field)
        known = (VENDOR, PARTNER) if of in AUDIENCES else (VENDOR,)
        for braces in _BRACES.findall(value):
            if braces not in known:
                told = " and ".join(known)
                raise self.error(field, f"{braces} is not a placeholder; there is only {told}")
        return value

    def label(self, field: str) -> str:
        """Read words that stand as they are."""
        value = self._words(field)
        for braces in _BRACES.findall(value):
            raise self.error(field, f"{braces}: no placeholder is possible here")
        return value

    def _words(self, field: str) -> str:
        value = self.table.get(field)
        if not isinstance(value, str) or not value.strip() or value != value.strip():
            raise self.error(field, "must be a text without spaces at its ends")
        return value

    def whole_number(self, field: str) -> int:
        value = self.table.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.error(field, "must be a whole number from 1")
        return value

    def flag(self, field: str) -> bool:
        value = self.table.get(field, False)
        if not isinstance(value, bool):
            raise self.error(field, "must be true or false")
        return value

    def one_of(self, field: str, allowed: tuple[Choice, ...]) -> Choice:
        for choice in allowed:
            if self.table.get(field) == choice:
                return choice
        raise self.error(field, f"must be one of {', '.join(allowed)}")

    def roles(self) -> tuple[str, ...]:
        value = self.table.get("roles", [])
        if not isinstance(value, list) or any(role not in ROLES for role in value):
            raise self.error("roles", f"must be a list out of {', '.join(ROLES)}")
        return tuple(value)


def _metric(fields: _Fields) -> BankMetric:
    if fields.key not in (COMPOSITE, *DIMENSIONS):
        raise fields.error("key", "is not one of the eight metrics")
    fields.refuse_others(_METRIC_FIELDS)
    return BankMetric(
        fields.key,
        name=fields.label("name"),
        definition=fields.label("definition"),
    )


def _question(fields: _Fields) -> BankQuestion:
    kind = fields.one_of("kind", KINDS)
    rated = kind == "rated"
    fields.refuse_others(_RATED_FIELDS if rated else _OPEN_FIELDS)
    purpose = _purpose(fields)
    return BankQuestion(
        key=fields.key,
        version=fields.whole_number("version"),
        kind=kind,
        metric=fields.one_of("metric", DIMENSIONS) if purpose == "dimension" else None,
        overall=purpose == "overall" and rated,
        text=fields.text("text", of=purpose),
        low=fields.label("low") if rated else "",
        high=fields.label("high") if rated else "",
        reversed=fields.flag("reversed"),
        follows=_follows(fields, purpose) if not rated else None,
        roles=fields.roles(),
        purpose=purpose,
        about=_about(fields, purpose),
    )


def _purpose(fields: _Fields) -> Purpose:
    """Return what a question is for: a dimension or the whole, unless it says otherwise."""
    if fields.flag("overall"):
        if "metric" in fields.table:
            raise fields.error("metric", "an overall question belongs to no single dimension")
        if fields.key not in OVERALL and fields.table.get("kind") == "rated":
            raise fields.error("overall", f"only {', '.join(OVERALL)} are overall questions")
        return "overall"
    if "purpose" not in fields.table:
        return "dimension"
    if "metric" in fields.table:
        raise fields.error("metric", "a question with a purpose of its own enters no dimension")
    return fields.one_of("purpose", PURPOSES)


def _follows(fields: _Fields, purpose: Purpose) -> Follows | None:
    """Return after which score an open question comes; outlook stands by itself."""
    if purpose not in ("dimension", "overall") and "follows" not in fields.table:
        return None
    return fields.one_of("follows", FOLLOWS)


def _about(fields: _Fields, purpose: Purpose) -> str:
    if "about" not in fields.table:
        return ""
    if purpose not in SUBJECTS:
        raise fields.error("about", f"a question of the purpose {purpose} is about nothing else")
    return fields.one_of("about", SUBJECTS[purpose])


def _worded(question: BankQuestion, fields: _Fields) -> BankQuestion:
    """Put a question of the first language into the words of another."""
    fields.refuse_others(_RATED_WORDS if question.rated else _OPEN_WORDS)
    return replace(
        question,
        version=fields.whole_number("version"),
        text=fields.text("text", of=question.purpose),
        low=fields.label("low") if question.rated else "",
        high=fields.label("high") if question.rated else "",
    )


def _refuse_gaps(bank: Bank, source: str) -> None:
    """Check what no single question can know: that nothing is missing from the whole."""
    defined = {metric.key for metric in bank.metrics}
    for key in (COMPOSITE, *DIMENSIONS):
        if key not in defined:
            raise BankError(f"{source}: metrics.{key}: is missing")
    present = {question.key for question in bank.overall}
    for key in OVERALL:
        if key not in present:
            raise BankError(f"{source}: questions.{key}: the overall question is missing")
    for metric in DIMENSIONS:
        for role in ROLES:
            if len(bank.rated(metric, role=role)) < 2:
                raise BankError(f"{source}: questions: fewer than two of {metric} suit {role}")
        for after in FOLLOWS:
            follow_ups = [q for q in bank.questions if (q.metric, q.follows) == (metric, after)]
            if len(follow_ups) != 1:
                raise BankError(f"{source}: questions: {metric} needs one open after {after}")
