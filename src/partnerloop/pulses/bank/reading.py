"""Reading and checking a bank file, with errors that name file, key and field.

`en.toml` decides the shape of every question; the files of other languages hold words only.
"""

import tomllib
from dataclasses import replace
from functools import cache
from importlib import resources

from partnerloop.pulses.bank.fields import BankError, Fields
from partnerloop.pulses.bank.wording import (
    COMPOSITE,
    DIMENSIONS,
    OVERALL,
    ROLES,
    SUBJECTS,
    Bank,
    BankMetric,
    BankQuestion,
    Follows,
    Kind,
    Purpose,
)

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


@cache
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


def _root(text: str, source: str) -> "Fields":
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BankError(f"{source}: not readable as TOML: {error}") from error
    root = Fields(table, where=source)
    root.refuse_others({"language", "metrics", "questions"})
    return root


def _metric(fields: Fields) -> BankMetric:
    if fields.key not in (COMPOSITE, *DIMENSIONS):
        raise fields.error("key", "is not one of the eight metrics")
    fields.refuse_others(_METRIC_FIELDS)
    return BankMetric(
        fields.key,
        name=fields.label("name"),
        definition=fields.label("definition"),
    )


def _question(fields: Fields) -> BankQuestion:
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


def _purpose(fields: Fields) -> Purpose:
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


def _follows(fields: Fields, purpose: Purpose) -> Follows | None:
    """Return after which score an open question comes; outlook stands by itself."""
    if purpose not in ("dimension", "overall") and "follows" not in fields.table:
        return None
    return fields.one_of("follows", FOLLOWS)


def _about(fields: Fields, purpose: Purpose) -> str:
    if "about" not in fields.table:
        return ""
    if purpose not in SUBJECTS:
        raise fields.error("about", f"a question of the purpose {purpose} is about nothing else")
    return fields.one_of("about", SUBJECTS[purpose])


def _worded(question: BankQuestion, fields: Fields) -> BankQuestion:
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
