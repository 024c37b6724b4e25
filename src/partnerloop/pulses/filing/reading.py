"""Reading a file of questions and metrics: what it says, and what is wrong with it, by line."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf.locale import LANG_INFO

from partnerloop.pulses.adding import LONGEST_KEY, OWN_KEY, UnusableShape, refuse_shape
from partnerloop.pulses.bank.wording import ROLES
from partnerloop.pulses.filing.lines import Lines, line_of_mistake
from partnerloop.pulses.filing.metrics import ToldMetric, read_metrics
from partnerloop.pulses.filing.problems import Problem, Wrong
from partnerloop.pulses.filing.shapes import UNNAMED
from partnerloop.pulses.rewording import UnusableWords, Words, refuse_unusable

LARGEST = 1_000_000
FIELDS = {"version", *UNNAMED, "text", "low", "high", "retired"}
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")
OWN = "own"


@dataclass(frozen=True, slots=True)
class Told:
    """What the file says of one question. `is_retired` is None where it says nothing of it."""

    key: str
    line: int
    version: int
    words: Words
    shape: Mapping[str, Any]
    is_retired: bool | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class Read:
    """All that could be read, and all problems."""

    language: str
    told: tuple[Told, ...]
    metrics: tuple[ToldMetric, ...]
    problems: tuple[Problem, ...]


def read(
    text: str, *, known: Mapping[str, Mapping[str, Any]], metrics: Collection[str] = ()
) -> Read:
    """Read a file; `known` are the shapes of the questions that a program has, by key.

    `metrics` are the keys of its own metrics; those of the file may be measured as well.
    """
    if len(text) > LARGEST:
        return _refused(1, "The file is larger than a million characters.")
    try:
        root = tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        return _refused(line_of_mistake(str(why)), f"This is not TOML: {why}.")
    lines = Lines(text)
    problems = [
        Problem(lines.line("", field), f"“{field}” means nothing here.")
        for field in root
        if field not in ("language", "metrics", "questions")
    ]
    language = root.get("language")
    if not isinstance(language, str) or not is_language(language):
        told = "language: must be the tag of a language, such as nl or pt-BR."
        problems.append(Problem(lines.line("", "language"), told))
    own = read_metrics(root.get("metrics", {}), lines=lines, problems=problems)
    able = {*metrics, *(metric.key for metric in own)}
    questions = root.get("questions", {} if own else None)
    if not isinstance(questions, dict) or not (questions or own):
        problems.append(Problem(lines.line("questions"), "There is no question in the file."))
        questions = {}
    found = []
    for key, table in questions.items():
        try:
            shape, line = known.get(key), lines.line(key)
            found.append(_told(key, table, known=shape, line=line, metrics=able))
        except Wrong as why:
            problems.append(Problem(lines.line(key, why.field), why.of(key)))
    problems.sort(key=lambda one: one.line)
    return Read(str(language), tuple(found), own, tuple(problems))


def is_language(tag: str) -> bool:
    """Return whether a tag names a language that is known, such as nl or de-AT."""
    return bool(_TAG.match(tag)) and tag.partition("-")[0] in LANG_INFO


def _refused(line: int, says: str) -> Read:
    return Read("", (), (), (Problem(line, says),))


def _told(
    key: str,
    table: Any,
    *,
    known: Mapping[str, Any] | None,
    line: int,
    metrics: Collection[str],
) -> Told:
    if not isinstance(table, dict):
        raise Wrong("", "must be a table of fields.")
    for field in table:
        if field not in FIELDS:
            raise Wrong(field, "means nothing here.")
    shape = _new_shape(key, table, metrics=metrics) if known is None else _same_shape(table, known)
    version = table.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= 9999:
        raise Wrong("version", "must be a whole number from 1.")
    retired = table.get("retired")
    if retired is not None and not isinstance(retired, bool):
        raise Wrong("retired", "must be true or false.")
    words = Words(_words(table, "text"), _words(table, "low"), _words(table, "high"))
    try:
        refuse_unusable(words, kind=shape["kind"], purpose=shape["purpose"])
    except UnusableWords as why:
        raise Wrong(why.field, str(why)) from None
    return Told(key, line, version, words, shape, retired, is_new=known is None)


def _words(table: Mapping[str, Any], field: str) -> str:
    value = table.get(field, "")
    if not isinstance(value, str) or value != value.strip():
        raise Wrong(field, "must be a text without spaces at its ends.")
    return value


def _same_shape(table: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Refuse another shape: answers that are in would mean something else."""
    for field, value in known.items():
        if field in table and (table[field] != value or type(table[field]) is not type(value)):
            told = "empty" if value in ("", []) else str(value).lower()
            raise Wrong(
                field, f"stays {told}; for another meaning write a question under another key."
            )
    return known


def _new_shape(
    key: str, table: Mapping[str, Any], *, metrics: Collection[str]
) -> Mapping[str, Any]:
    if not _is_own_key(key):
        raise Wrong(
            "",
            "this program has no such question. A new one has a key from own_ on, of small "
            f"letters, digits and _, at most {LONGEST_KEY} long.",
        )
    shape = {field: table.get(field, unnamed) for field, unnamed in UNNAMED.items()}
    if shape["kind"] not in ("rated", "open"):
        raise Wrong("kind", "must be rated or open.")
    if shape["metric"] and shape["metric"] not in metrics:
        raise Wrong("metric", "a new question measures one of your own metrics, or none.")
    if shape["purpose"] != ("" if shape["metric"] else OWN):
        told = "no purpose beside its metric" if shape["metric"] else 'the purpose "own"'
        raise Wrong("purpose", f"a new question has {told}.")
    for field in ("overall", "about"):
        if shape[field] != UNNAMED[field]:
            raise Wrong(field, "a question of your own has none.")
    if shape["follows"] not in ("", "low", "high"):
        raise Wrong("follows", "must be low or high.")
    if not isinstance(shape["reversed"], bool):
        raise Wrong("reversed", "must be true or false.")
    try:
        refuse_shape(shape)
    except UnusableShape as why:
        raise Wrong(why.field, str(why)) from None
    roles = shape["roles"]
    if not isinstance(roles, list) or any(role not in ROLES for role in roles):
        raise Wrong("roles", f"must be a list out of {', '.join(ROLES)}.")
    return shape


def _is_own_key(key: str) -> bool:
    rest = key.removeprefix(OWN_KEY)
    plain = rest.replace("_", "a")
    fits = plain.isascii() and plain.isalnum() and plain == plain.lower()
    return key.startswith(OWN_KEY) and fits and len(key) <= LONGEST_KEY
