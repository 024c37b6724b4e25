"""The engine's model of a program: its layout, and what the last refit learned.

Segments of the model are type x tier ("reseller/gold"); index 0 is everybody, for partners whose
segment the last refit did not know.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from partnerloop.core.bands import middle
from partnerloop.core.clock import EPOCH, start_of
from partnerloop.engine.interface import (
    Hyperparameters,
    Layout,
    Model,
    Observation,
    PoolObservation,
)
from partnerloop.engine.model import FilterModel
from partnerloop.evidence.models import Atom, NamedAnswer
from partnerloop.evidence.reading import PartnerEvidence
from partnerloop.partners.models import ContactRole
from partnerloop.partners.segmenting import Place
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE, Metric
from partnerloop.scores.models import Fit

EVERYBODY = "all"
OVERALL = (COMPOSITE, "recommend", "ease")
ROLES = tuple(role.value for role in ContactRole)


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric of the model and its weight in the composite, beside the 1 of a dimension."""

    key: str
    weight: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model with the version of the fit that it was made of (0: none yet)."""

    model: Model
    version: int

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the names of the metrics, in the model's order, without the composite."""
        return self.model.layout.metrics

    def segment(self, place: Place) -> int:
        """Return the index of a partner's segment, 0 where the fit did not know it."""
        label = segment_label(place)
        segments = self.model.layout.segments
        return segments.index(label) if label in segments else 0


def current(program: Program | int) -> Fitted:
    """Return the model of the newest fit."""
    number = program if isinstance(program, int) else program.pk
    newest = Fit.objects.of(number).order_by("-version").values_list("version", flat=True).first()
    return of_version(number, newest or 0)


@lru_cache(maxsize=64)
def of_version(program_id: int, version: int) -> Fitted:
    """Return the model of one fit. Fits never change, so a process reads each once."""
    fit = Fit.objects.of(program_id).filter(version=version).first()
    if fit is None:
        layout = layout_of(_founding(program_id), segments=())
        return Fitted(FilterModel(layout, Hyperparameters.default(layout)), version=0)
    measured = tuple(Measured(key, weight) for key, weight in fit.metrics)
    layout = layout_of(measured, segments=fit.segments)
    return Fitted(FilterModel(layout, Hyperparameters.from_json(fit.parameters)), version=version)


def forget() -> None:
    """Empty the memory of fits; only a database that was replaced under a process needs it."""
    of_version.cache_clear()


def measured_by(program: Program | int) -> tuple[Measured, ...]:
    """Return what a program wants measured as of now; a fit may not know of it yet."""
    rows = Metric.objects.of(program).measured().values_list("key", "weight")
    return tuple(Measured(key, float(weight)) for key, weight in rows)


def measured_in(program_id: int, version: int) -> tuple[Measured, ...]:
    """Return what one fit measured, with its weights as they were given."""
    metrics = Fit.objects.of(program_id).filter(version=version).values_list("metrics", flat=True)
    found = metrics.first()
    if found is None:
        return _founding(program_id)
    return tuple(Measured(key, weight) for key, weight in found)


def _founding(program_id: int) -> tuple[Measured, ...]:
    """Return what is measured before the first fit: the dimensions of the bank."""
    rows = Metric.objects.of(program_id).filter(kind=Metric.Kind.DIMENSION)
    return tuple(Measured(key, 1.0) for key in rows.values_list("key", flat=True))


def layout_of(measured: Sequence[Measured], *, segments: Sequence[str]) -> Layout:
    """Return the engine's layout of what is measured; index 0 of the segments is everybody."""
    return Layout(
        metrics=tuple(one.key for one in measured),
        overall=OVERALL,
        roles=ROLES,
        segments=(EVERYBODY, *(name for name in segments if name != EVERYBODY)),
        weights=tuple(one.weight for one in measured),
    )


def segment_label(place: Place) -> str:
    """Return the model's segment of a partner: its type and tier."""
    return f"{place.get('type', '')}/{place.get('tier', '')}"


def observations(evidence: PartnerEvidence, *, layout: Layout) -> list[Observation]:
    """Return a partner's evidence as the engine reads it, oldest first.

    What came at one moment is put in an order of its own, not that of its rows.
    """
    found = named(evidence.named, layout=layout)
    found += [
        Observation(
            day=moment(start_of(atom.week)),
            metric=layout.item(atom.measure),
            value=float(atom.value),
            people=middle(atom.band),
            blur_sd=float(atom.blur_sd),
        )
        for atom in sorted(evidence.atoms, key=_atom_place)
        if _is_measured(atom.measure, layout)
    ]
    return sorted(found, key=lambda one: one.day)


def named(answers: Iterable[NamedAnswer], *, layout: Layout) -> list[Observation]:
    """Return named answers as the engine reads them, in the order in which they came."""
    ordered = sorted(answers, key=_answer_place)
    return [
        Observation(
            day=moment(answer.at),
            metric=layout.item(answer.measure),
            value=float(answer.value),
            rater=answer.rater.hex[:12],
            role=ROLES.index(answer.role),
        )
        for answer in ordered
        if _is_measured(answer.measure, layout)
    ]


def _answer_place(answer: NamedAnswer) -> tuple[datetime, str, int, str]:
    return answer.at, answer.measure, answer.value, answer.rater.hex


def _atom_place(atom: Atom) -> tuple[date, str, float, str]:
    return atom.week, atom.measure, float(atom.value), atom.band


def pools(atoms: Iterable[Atom], *, layout: Layout) -> list[PoolObservation]:
    """Return pool atoms as the engine reads them; coarse pools speak for everybody."""
    return [
        PoolObservation(
            day=moment(start_of(atom.week)),
            segment=_segment_index(atom.scope, layout),
            metric=layout.item(atom.measure),
            value=float(atom.value),
            people=middle(atom.band),
            blur_sd=float(atom.blur_sd),
        )
        for atom in atoms
        if _is_measured(atom.measure, layout)
    ]


def moment(at: datetime) -> float:
    """Return a moment on the engine's axis: days since the epoch, with the time as a fraction."""
    return (at - start_of(EPOCH)) / timedelta(days=1)


def _segment_index(scope: Place, layout: Layout) -> int:
    label = segment_label(scope)
    known = "tier" in scope and label in layout.segments
    return layout.segments.index(label) if known else 0


def _is_measured(measure: str, layout: Layout) -> bool:
    """Answers on metrics that a program has retired, or a fit does not know yet, wait unread."""
    return measure in layout.metrics or measure in layout.overall
