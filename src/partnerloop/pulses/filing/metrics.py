"""A program's own metrics as part of the file: what it says of them, and what that would change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from partnerloop.accounts.models import Membership
from partnerloop.programs.models import Program
from partnerloop.pulses.filing.lines import Lines
from partnerloop.pulses.filing.problems import Problem, Wrong
from partnerloop.pulses.measuring import (
    LONGEST,
    LONGEST_KEY,
    MOST,
    OWN_METRIC,
    Meaning,
    UnusableMetric,
    add_metric,
    bring_metric_back,
    describe,
    meaning_of,
    refuse_unusable,
    refuse_weight,
    retire_metric,
    weigh,
)
from partnerloop.pulses.models import Metric
from partnerloop.pulses.rewording import Words
from partnerloop.pulses.wording import languages_for

FIELDS = {*LONGEST, "weight", "retired"}


@dataclass(frozen=True, slots=True)
class ToldMetric:
    """What the file says of one metric. What is None it says nothing of."""

    key: str
    line: int
    meaning: Meaning
    weight: Decimal | None
    is_retired: bool | None

    @property
    def words(self) -> Words:
        """Return its words as those of a question are shown: what it is, and both ends."""
        return _words(self.meaning)


@dataclass(frozen=True, slots=True)
class MetricChange:
    """What saving would do to one metric."""

    told: ToldMetric
    metric: Metric | None
    before: Words | None
    is_reworded: bool
    weighs: bool
    retires: bool
    brings_back: bool

    @property
    def says(self) -> str:
        """Return what would happen, in words."""
        done = ["new metric"] if self.metric is None else []
        if self.metric is not None and self.is_reworded:
            done.append("new words" if self.before else "first words in this language")
        done += ["another weight"] if self.weighs else []
        done += ["retired"] if self.retires else []
        done += ["brought back"] if self.brings_back else []
        return ", ".join(done)


def read_metrics(table: Any, *, lines: Lines, problems: list[Problem]) -> tuple[ToldMetric, ...]:
    """Read what the file says of metrics; what is wrong is added to the problems."""
    if not isinstance(table, dict):
        problems.append(Problem(lines.line("", "metrics"), "metrics: must be tables of fields."))
        return ()
    found = []
    for key, fields in table.items():
        try:
            found.append(_told(key, fields, line=lines.line(key)))
        except Wrong as why:
            problems.append(Problem(lines.line(key, why.field), why.of(key)))
    return tuple(found)


def changes_of(
    program: Program, told: Sequence[ToldMetric], *, language: str
) -> tuple[list[MetricChange], list[Problem]]:
    """Return what the file would do to the program's metrics, and what keeps it from doing so."""
    rows = Metric.objects.of(program).filter(kind=Metric.Kind.OWN)
    have = {metric.key: metric for metric in rows}
    changes = [_change(one, have.get(one.key), language) for one in told]
    first = languages_for(program)
    problems = [
        Problem(change.told.line, f"{change.told.key}: write a new metric in {first[0]} first.")
        for change in changes
        if change.metric is None and language not in first
    ]
    used = sum(metric.retired_at is None for metric in have.values())
    for change in changes:
        used += (change.metric is None) + change.brings_back - change.retires
        if used > MOST and (change.metric is None or change.brings_back):
            says = f"a program has at most {MOST} metrics of its own in use: retire one."
            problems.append(Problem(change.told.line, f"{change.told.key}: {says}"))
    return [change for change in changes if change.says], problems


def keep_metric(
    program: Program, change: MetricChange, *, language: str, by: Membership | None, at: datetime
) -> None:
    """This will do what a change says; UnusableMetric where it cannot be."""
    told, metric = change.told, change.metric
    if metric is None:
        metric = add_metric(
            program,
            told.meaning,
            weight=told.weight or Decimal(0),
            language=language,
            by=by,
            at=at,
            key=told.key,
        )
    elif change.is_reworded:
        describe(metric, told.meaning, language=language, by=by, at=at)
    if change.weighs and told.weight is not None:
        weigh(metric, told.weight, by=by, at=at)
    if change.retires:
        retire_metric(metric, by=by, at=at)
    if change.brings_back:
        bring_metric_back(metric, by=by, at=at)


def fields_of(metric: Metric, *, language: str) -> Mapping[str, Any] | None:
    """Return the fields of a metric as they are written, None without words in a language."""
    meaning = meaning_of(metric, language=language)
    if meaning is None:
        return None
    fields: dict[str, Any] = {field: getattr(meaning, field) for field in LONGEST}
    whole = metric.weight == int(metric.weight)
    fields["weight"] = int(metric.weight) if whole else float(metric.weight)
    if metric.retired_at is not None:
        fields["retired"] = True
    return fields


def _change(told: ToldMetric, metric: Metric | None, language: str) -> MetricChange:
    before = meaning_of(metric, language=language) if metric else None
    is_retired = metric is not None and metric.retired_at is not None
    return MetricChange(
        told,
        metric,
        _words(before) if before else None,
        is_reworded=before != told.meaning,
        weighs=metric is not None and told.weight is not None and told.weight != metric.weight,
        retires=told.is_retired is True and not is_retired,
        brings_back=told.is_retired is False and is_retired,
    )


def _words(meaning: Meaning) -> Words:
    return Words(f"{meaning.name}: {meaning.definition}", meaning.low, meaning.high)


def _told(key: str, table: Any, *, line: int) -> ToldMetric:
    if not _is_own_key(key):
        raise Wrong(
            "",
            "the seven are the same everywhere. A metric of your own has a key from our_ on, of "
            f"small letters, digits and _, at most {LONGEST_KEY} long.",
        )
    if not isinstance(table, dict):
        raise Wrong("", "must be a table of fields.")
    for field in table:
        if field not in FIELDS:
            raise Wrong(field, "means nothing here.")
    told = {field: table.get(field, "") for field in LONGEST}
    for field, value in told.items():
        if not isinstance(value, str):
            raise Wrong(field, "must be a text.")
    meaning = Meaning(**told)
    weight = _weight(table.get("weight"))
    try:
        refuse_unusable(meaning)
        refuse_weight(weight if weight is not None else Decimal(0))
    except UnusableMetric as why:
        raise Wrong(why.field, str(why)) from None
    retired = table.get("retired")
    if retired is not None and not isinstance(retired, bool):
        raise Wrong("retired", "must be true or false.")
    return ToldMetric(key, line, meaning, weight, retired)


def _weight(value: Any) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("weight", "must be a number from 0 to 2.")
    return Decimal(str(value))


def _is_own_key(key: str) -> bool:
    rest = key.removeprefix(OWN_METRIC)
    plain = rest.replace("_", "a")
    fits = plain.isascii() and plain.isalnum() and plain == plain.lower()
    return key.startswith(OWN_METRIC) and fits and len(key) <= LONGEST_KEY


def known_metrics(program: Program) -> Collection[str]:
    """Return the keys of a program's own metrics, retired ones too."""
    rows = Metric.objects.of(program).filter(kind=Metric.Kind.OWN)
    return set(rows.values_list("key", flat=True))
