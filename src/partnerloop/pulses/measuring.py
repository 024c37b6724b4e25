"""A program's own metrics: what one means, what it weighs, retired and brought back, never deleted.

Whoever is to compute figures of it hears of every change by one event; until that is worked off,
all figures stay what they were.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.text import slugify

from partnerloop.accounts.models import Membership
from partnerloop.core import ids, outbox
from partnerloop.core.models import record_audit
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Metric
from partnerloop.pulses.wording import best_first

METRICS_CHANGED = "metrics.changed"
MOST = 5
# No metric and no question of the bank has a key that starts like this, and no question of a
# program's own either: what a question measures is never taken for a metric.
OWN_METRIC = "our_"
LONGEST_KEY = 40
LONGEST = {"name": 60, "definition": 300, "low": 160, "high": 160}
LOWEST_WEIGHT, HIGHEST_WEIGHT = Decimal(0), Decimal(2)


class UnusableMetric(ValueError):
    """A metric that cannot be kept like this; `field` names what is wrong, the message says why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, slots=True)
class Meaning:
    """The words of a metric in one language: its name, what it says, what both ends mean."""

    name: str
    definition: str
    low: str
    high: str


def is_own(measure: str) -> bool:
    """Return whether a measure is a program's own metric.

    >>> is_own("our_enablement"), is_own("own_portal_speed"), is_own("commitment")
    (True, False, False)
    """
    return measure.startswith(OWN_METRIC)


def meaning_of(metric: Metric, *, language: str) -> Meaning | None:
    """Return a metric's words in exactly one language, None where it has none."""
    if language == metric.language:
        return Meaning(metric.name, metric.definition, metric.low, metric.high)
    return Meaning(**metric.words[language]) if language in metric.words else None


def own_meanings(program: Program, *, language: str = "") -> dict[str, Meaning]:
    """Return the words of all own metrics, retired ones too: in a language, else the next best."""
    rows = Metric.objects.of(program).filter(kind=Metric.Kind.OWN)
    found = {}
    for metric in rows:
        tried = (*best_first(language, program.language), metric.language)
        told = (meaning_of(metric, language=one) for one in tried)
        found[metric.key] = next(filter(None, told))
    return found


@transaction.atomic
def add_metric(
    program: Program,
    meaning: Meaning,
    *,
    weight: Decimal,
    language: str,
    by: Membership | None,
    at: datetime,
    key: str = "",
) -> Metric:
    """This will add a metric of the program's own; UnusableMetric where it can't be kept.

    `language` is that of its words; others come after.
    """
    refuse_unusable(meaning)
    refuse_weight(weight)
    Program.objects.select_for_update().get(pk=program.pk)
    rows = list(Metric.objects.of(program))
    _refuse_too_many(program)
    _refuse_same_name(program, meaning.name)
    metric = Metric.objects.create(
        program=program,
        key=key or _free_key(meaning.name, {row.key for row in rows}),
        kind=Metric.Kind.OWN,
        position=max((row.position for row in rows), default=0) + 1,
        weight=weight,
        language=language,
        since=at,
        **asdict(meaning),
    )
    _note("metric.added", metric, by=by, at=at)
    _announce(metric, at=at)
    return metric


@transaction.atomic
def describe(
    metric: Metric, meaning: Meaning, *, language: str, by: Membership | None, at: datetime
) -> None:
    """This will give a metric other words in a language; the same words change nothing."""
    refuse_unusable(meaning)
    metric = _locked(metric)
    if meaning_of(metric, language=language) == meaning:
        return
    if language == metric.language:
        _refuse_same_name(metric.program, meaning.name, but=metric)
        for field, told in asdict(meaning).items():
            setattr(metric, field, told)
    else:
        metric.words = {**metric.words, language: asdict(meaning)}
    metric.save(update_fields=["name", "definition", "low", "high", "words"])
    _note("metric.reworded", metric, by=by, at=at, fields=(language,))


@transaction.atomic
def weigh(metric: Metric, weight: Decimal, *, by: Membership | None, at: datetime) -> None:
    """This will let a metric count in the composite with another weight, or no longer."""
    refuse_weight(weight)
    metric = _locked(metric)
    if metric.weight == weight:
        return
    metric.weight = weight
    metric.save(update_fields=["weight"])
    _note("metric.weighed", metric, by=by, at=at, fields=("weight",))
    _announce(metric, at=at)


@transaction.atomic
def retire_metric(metric: Metric, *, by: Membership | None, at: datetime) -> None:
    """This will ask and show a metric no more; its answers stay."""
    metric = _locked(metric)
    if metric.retired_at is not None:
        return
    metric.retired_at = at
    metric.save(update_fields=["retired_at"])
    _note("metric.retired", metric, by=by, at=at, fields=("retired_at",))
    _announce(metric, at=at)


@transaction.atomic
def bring_metric_back(metric: Metric, *, by: Membership | None, at: datetime) -> None:
    """This will let a retired metric be asked and shown again, with all its answers."""
    Program.objects.select_for_update().get(pk=metric.program_id)
    metric = _locked(metric)
    if metric.retired_at is None:
        return
    _refuse_too_many(metric.program)
    _refuse_same_name(metric.program, metric.name, but=metric)
    metric.retired_at, metric.since = None, at
    metric.save(update_fields=["retired_at", "since"])
    _note("metric.brought_back", metric, by=by, at=at, fields=("retired_at",))
    _announce(metric, at=at)


def refuse_unusable(meaning: Meaning) -> None:
    """Raise UnusableMetric where these words cannot stand on a page."""
    missing = {
        "name": "Give it a name.",
        "definition": "Say in one sentence what it asks.",
        "low": "Say what a low figure means.",
        "high": "Say what a high figure means.",
    }
    for field, told in asdict(meaning).items():
        if not told.strip():
            raise UnusableMetric(field, missing[field])
        if not told.isprintable():
            raise UnusableMetric(field, "There are characters in it that cannot be shown.")
        if told != told.strip():
            raise UnusableMetric(field, "Leave out the spaces at its ends.")
        if len(told) > LONGEST[field]:
            raise UnusableMetric(field, f"Keep it to {LONGEST[field]} characters.")


def refuse_weight(weight: Decimal) -> None:
    """Raise UnusableMetric where a weight is none."""
    if not weight.is_finite() or not LOWEST_WEIGHT <= weight <= HIGHEST_WEIGHT:
        raise UnusableMetric("weight", "The weight lies between 0 (none) and 2.")
    if weight != round(weight, 2):
        raise UnusableMetric("weight", "Two digits after the point are enough.")


def _refuse_too_many(program: Program) -> None:
    used = Metric.objects.of(program).measured().filter(kind=Metric.Kind.OWN).count()
    if used >= MOST:
        raise UnusableMetric("", f"A program has at most {MOST} metrics of its own: retire one.")


def _refuse_same_name(program: Program, name: str, *, but: Metric | None = None) -> None:
    rows: Mapping[int, str] = dict(Metric.objects.of(program).in_use().values_list("pk", "name"))
    others = [told for pk, told in rows.items() if but is None or pk != but.pk]
    taken = {told.partition(" (")[0].casefold() for told in others}
    if name.casefold() in taken:
        raise UnusableMetric("name", "There is a metric of this name already.")


def _free_key(name: str, taken: set[str]) -> str:
    """Return a key that tells what a metric is and that none of the program has yet."""
    told = slugify(name).replace("-", "_")[: LONGEST_KEY - 8].strip("_") or "metric"
    wanted = [f"{OWN_METRIC}{told}", *(f"{OWN_METRIC}{told}_{n}" for n in range(2, len(taken) + 3))]
    return next(key for key in wanted if key not in taken)


def _locked(metric: Metric) -> Metric:
    rows = Metric.objects.of(metric.program_id).select_for_update()
    return rows.get(pk=metric.pk, kind=Metric.Kind.OWN)


def _announce(metric: Metric, *, at: datetime) -> None:
    key = f"{METRICS_CHANGED}:{ids.random_id()}"
    outbox.publish(outbox.Happening(METRICS_CHANGED, key, metric.program_id), at=at)


def _note(
    action: str,
    metric: Metric,
    *,
    by: Membership | None,
    at: datetime,
    fields: tuple[str, ...] = (),
) -> None:
    record_audit(
        action,
        at=at,
        actor=f"user:{by.user_id}" if by else "system",
        target=f"metric:{metric.pk}",
        program_id=metric.program_id,
        fields=fields,
    )
