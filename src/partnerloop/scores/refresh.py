"""The write door of scores: named answers move a score at once, atoms at their tick.

Nothing is returned: what a figure is now is told by `release` only.
"""

from collections.abc import Callable, Iterable
from dataclasses import astuple, replace
from datetime import date, datetime

from django.db import models, transaction

from partnerloop.core.clock import week_of
from partnerloop.core.storing import renew
from partnerloop.engine.columns import Columns
from partnerloop.engine.interface import (
    Estimate,
    Hyperparameters,
    PoolObservation,
    Record,
    State,
    arranged,
)
from partnerloop.engine.means import learn_means
from partnerloop.engine.model import FilterModel
from partnerloop.evidence.models import NamedAnswer
from partnerloop.evidence.reading import (
    PartnerEvidence,
    evidence_of,
    newest_answer,
    pools_of,
)
from partnerloop.partners.models import Partner
from partnerloop.partners.segmenting import places
from partnerloop.programs.models import Program
from partnerloop.programs.prepared import Given, Prepared, built, columns
from partnerloop.pulses.models import COMPOSITE
from partnerloop.scores.basis import KEPT, PartnerBasis
from partnerloop.scores.modelling import (
    EVERYBODY,
    Fitted,
    current,
    layout_of,
    measured_by,
    moment,
    named,
    observations,
    of_version,
    pools,
    segment_label,
)
from partnerloop.scores.models import Fit, PartnerScore, Snapshot

LEVEL = 0.9
SCORE_FIELDS = [
    "fit_version",
    "state",
    "as_of",
    "estimates",
    "basis",
    "composite_mean",
    "composite_low",
    "composite_high",
]
SCORE = Prepared.locking(
    lambda: (
        PartnerScore.objects.of(Given("program", models.BigIntegerField()))
        .filter(partner=Given("partner", models.BigIntegerField()))
        .values_list(*columns(PartnerScore))
    )
)


def take_named(partner_id: int, answers: Iterable[NamedAnswer], *, at: datetime) -> None:
    """Move one partner's score by fresh named answers; call it in the intake's transaction."""
    fresh = list(answers)
    if not fresh:
        return
    program_id = fresh[0].program_id
    found = SCORE.first(program=program_id, partner=partner_id)
    if found is None:
        rescore(program_id, [partner_id], at=at)
        return
    [score] = built(found, PartnerScore)
    fitted = of_version(program_id, score.fit_version)
    new = named(fresh, layout=fitted.model.layout)
    try:
        state = State.from_bytes(bytes(score.state))
    except ValueError:  # stored by an older version of the engine: the answer must not be lost
        rescore(program_id, [partner_id], at=at)
        return
    if new and new[0].day < state.at:
        rescore(program_id, [partner_id], at=at)
        return
    basis = PartnerBasis.from_json(score.basis)
    basis.add(named=fresh)
    moved = fitted.model.update(state, observations=new, at=moment(at))
    renew(_row(score, fitted, moved, basis, at=at), SCORE_FIELDS)


def rescore(program: Program | int, partners: Iterable[int], *, at: datetime) -> None:
    """Compute partners' scores anew from all their evidence: for late and corrected answers."""
    chosen = list(partners)
    number = program if isinstance(program, int) else program.pk
    fitted = current(number)
    evidence = evidence_of(number, until=at, partners=chosen)
    where = places(number, on=at.date())
    rows = [
        scored(number, one, fitted, fitted.segment(where[one]), evidence[one], at=at)
        for one in chosen
    ]
    store(rows)


def rebuild(program: Program, *, at: datetime) -> None:
    """Compute every partner's score anew from ledger, named answers and public facts alone."""
    chosen = list(Partner.objects.of(program).active(at.date()).values_list("pk", flat=True))
    rescore(program, chosen, at=at)


def refit(program: Program, *, at: datetime) -> None:
    """Learn the hyperparameters from ledger and named answers, then score everybody with them."""
    _relearn(program, _everything, at=at)


def refit_means(program: Program, *, at: datetime) -> None:
    """Learn the means of segments and the offsets only, then score everybody: takes a second.

    The spreads stay at the engine's defaults until the next `refit`.
    """
    _relearn(program, _means, at=at)


Learn = Callable[[FilterModel, list[Record], float, list[PoolObservation]], Hyperparameters]


def _everything(
    model: FilterModel, records: list[Record], at: float, seen: list[PoolObservation]
) -> Hyperparameters:
    return model.refit(records, at=at, pools=seen)


def _means(
    model: FilterModel, records: list[Record], at: float, seen: list[PoolObservation]
) -> Hyperparameters:
    columns, pools_seen = Columns.of(arranged(records)), tuple(sorted(seen, key=astuple))
    learned = learn_means(columns, layout=model.layout, hyper=model.hyper, pools=pools_seen)
    return replace(learned, fitted_at=at, answers=len(columns))


def _relearn(program: Program, learn: Learn, *, at: datetime) -> None:
    """Learn outside any transaction (it may take minutes), then store and rescore in one."""
    evidence = evidence_of(program, until=at)
    where = places(program, on=at.date())
    partners = list(Partner.objects.of(program).active(at.date()).values_list("pk", flat=True))
    labels = sorted({segment_label(where[one]) for one in partners})
    measured = measured_by(program)
    layout = layout_of(measured, segments=labels)
    newest = current(program)
    model = FilterModel(layout, Hyperparameters.default(layout))
    records = [
        Record(
            segment=layout.segments.index(segment_label(where[one])),
            observations=observations(evidence[one], layout=layout),
        )
        for one in partners
    ]
    seen = pools(pools_of(program, until=at), layout=layout)
    learned = learn(model, records, moment(at), seen)
    with transaction.atomic():
        Fit.objects.create(
            program=program,
            version=newest.version + 1,
            fitted_on=at.date(),
            segments=[EVERYBODY, *labels],
            metrics=[[one.key, one.weight] for one in measured],
            parameters=learned.to_json(),
        )
        # Answers may have come while it learned: they count as well.
        rebuild(program, at=max(at, newest_answer(program) or at))


def advance(program: Program, *, at: datetime) -> None:
    """Predict every score to today: without answers a range widens. Runs daily.

    A state stored by an older version of the engine is computed anew, and so is one of an earlier
    fit that an answer has written while the fit of now was being stored.
    """
    rows, older = [], []
    newest = current(program).version
    active = set(Partner.objects.of(program).active(at.date()).values_list("pk", flat=True))
    for score in PartnerScore.objects.of(program):
        if score.fit_version != newest and score.partner_id in active:
            older.append(score.partner_id)
            continue
        fitted = of_version(program.pk, score.fit_version)
        basis = PartnerBasis.from_json(score.basis)
        basis.forget(before=at.date() - KEPT)
        try:
            state = State.from_bytes(bytes(score.state))
        except ValueError:
            older.append(score.partner_id)
            continue
        rows.append(_row(score, fitted, state, basis, at=at))
    store(rows)
    rescore(program, older, at=at)


def snapshot(program: Program, *, week: date) -> None:
    """Keep what the estimates are in this week, for trends; a week is kept once."""
    rows = [
        Snapshot(
            program=program,
            partner_id=score.partner_id,
            week=week_of(week),
            estimates={"figures": score.estimates, "basis": score.basis},
        )
        for score in PartnerScore.objects.of(program)
    ]
    Snapshot.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def scored(
    program_id: int,
    partner_id: int,
    fitted: Fitted,
    segment: int,
    evidence: PartnerEvidence,
    *,
    at: datetime,
) -> PartnerScore:
    """Return a partner's score from all its evidence, not stored yet."""
    found = observations(evidence, layout=fitted.model.layout)
    state = fitted.model.rescore(segment, observations=found, at=moment(at))
    basis = PartnerBasis.empty()
    basis.add(named=evidence.named, atoms=evidence.atoms)
    basis.forget(before=at.date() - KEPT)
    score = PartnerScore(program_id=program_id, partner_id=partner_id)
    return _row(score, fitted, state, basis, at=at)


def told_by(fitted: Fitted, state: State, *, at: datetime) -> dict[str, list[float]]:
    """Return what a state says of every measure at a moment, as rows keep it."""
    told = fitted.model.estimate(state, at=max(moment(at), state.at), level=LEVEL)
    figures = dict(zip(fitted.measures, told.metrics, strict=True)) | {COMPOSITE: told.composite}
    return {name: _numbers(one) for name, one in figures.items()}


def _row(
    score: PartnerScore, fitted: Fitted, state: State, basis: PartnerBasis, *, at: datetime
) -> PartnerScore:
    """Fill a score's row with a state and what it says at a moment."""
    score.fit_version = fitted.version
    score.state = state.to_bytes()
    score.as_of = at.date()
    score.estimates = told_by(fitted, state, at=at)
    score.basis = basis.to_json()
    mean, _, low, high = score.estimates[COMPOSITE]
    score.composite_mean, score.composite_low, score.composite_high = mean, low, high
    return score


def _numbers(one: Estimate) -> list[float]:
    return [round(number, 4) for number in (one.mean, one.sd, one.low, one.high)]


def store(rows: list[PartnerScore]) -> None:
    """Write scores over those that are there."""
    PartnerScore.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=SCORE_FIELDS,
        unique_fields=["partner"],
        batch_size=200,
    )
