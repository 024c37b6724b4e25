"""Whole programs: many partners at once, and what is learnt from them."""

from dataclasses import replace

import numpy as np
import pytest

from bench import baselines
from bench.scenarios import BASE, HARDER
from bench.scoring import Case, judge
from bench.worlds import LAYOUT, build, every_four_weeks
from partnerloop.engine import (
    FilterModel,
    Hyperparameters,
    Layout,
    Observation,
    PoolObservation,
    Record,
    State,
    program,
)
from partnerloop.engine.columns import Columns
from partnerloop.engine.fitting import fit, fit_spread, minimise
from partnerloop.engine.means import learn_means

HYPER = Hyperparameters.default(LAYOUT)


def a_program(partners: int = 40) -> list[Record]:
    rng = np.random.default_rng(3)
    records = []
    for partner in range(partners):
        level, rows = rng.normal(7, 2), []
        for day in np.sort(rng.uniform(0, 700, int(rng.integers(0, 90)))).tolist():
            value = float(np.clip(np.rint(level + 2 * rng.normal()), 0, 10))
            item, who = int(rng.integers(10)), rng.integers(18)
            if rng.random() < 0.1:
                rows.append(Observation(day, item, value, people=4.0, blur_sd=0.4))
            else:
                rows.append(Observation(day, item, value, rater=f"{partner}-{who}", role=who % 5))
        records.append(Record(partner % 16, rows))
    return records


def test_all_partners_at_once_give_the_same_as_one_by_one() -> None:
    records, looks = a_program(), [300.0, 701.0]
    model = FilterModel(LAYOUT, HYPER)
    run = program.run(program.plan(Columns.of(records), looks=looks), layout=LAYOUT, hyper=HYPER)
    for partner, record in enumerate(records):
        for place, day in enumerate(looks):
            known = [one for one in record.observations if one.day <= day]
            belief = model.belief(model.rescore(record.segment, observations=known, at=day), at=day)
            assert np.abs(belief.mean[:7] - run.mean[place, partner]).max() < 1e-9
            assert np.abs(belief.cov[:7, :7] - run.cov[place, partner]).max() < 1e-9


def test_the_states_of_all_partners_are_those_of_each() -> None:
    records = a_program()
    model = FilterModel(LAYOUT, HYPER)
    more = Observation(720.0, 0, 3.0, rater="new")
    for record, state in zip(records, model.rescore_all(records, at=701), strict=True):
        alone = model.rescore(record.segment, observations=record.observations, at=701)
        assert state.raters == alone.raters
        assert state.answers.tolist() == alone.answers.tolist()
        assert state.heard == alone.heard
        for one, other in ((state, alone), (State.from_bytes(state.to_bytes()), alone)):
            first, second = (
                model.belief(model.update(s, observations=[more], at=720), at=730)
                for s in (one, other)
            )
            assert np.abs(first.mean - second.mean).max() < 1e-9
            assert np.abs(first.cov - second.cov).max() < 1e-9


def test_innovations_of_all_partners_are_those_of_each() -> None:
    records = a_program(6)
    model, columns = FilterModel(LAYOUT, HYPER), Columns.of(records)
    run = program.run(program.plan(columns), layout=LAYOUT, hyper=HYPER)
    for partner, record in enumerate(records):
        told = model.innovations(record.segment, observations=record.observations)
        rows = columns.partner == partner
        assert [one.residual for one in told] == pytest.approx(run.residual[rows].tolist())
        assert [one.sd for one in told] == pytest.approx(run.sd[rows].tolist())


def test_a_search_that_starts_at_zero_moves() -> None:
    best = minimise(
        lambda point: float(((point - [0.7, -0.4]) ** 2).sum()),
        start=np.zeros(2),
        step=0.25,
        tolerance=1e-8,
    )
    assert best.point == pytest.approx([0.7, -0.4], abs=1e-3)


def test_it_learns_segments_roles_and_overall_items() -> None:
    rng = np.random.default_rng(8)
    layout, rows = Layout(segments=("low", "high")), []
    for partner in range(120):
        level = 5.0 + 2.0 * (partner % 2) + rng.normal(0, 0.5)
        told = []
        for n in range(12):
            item, role = int(rng.integers(9)), n % 2
            value = level + (0.6, -0.6)[role] + (0.8 if item == 8 else 0.0) + rng.normal(0, 0.7)
            told.append(
                Observation(
                    30.0 * n, item, float(np.clip(value, 0, 10)), rater=f"{n % 4}", role=role
                )
            )
        rows.append(Record(partner % 2, told))
    learnt = learn_means(Columns.of(rows), layout=layout, hyper=Hyperparameters.default(layout))
    low, high = learnt.segment_means.mean(1)
    assert high - low == pytest.approx(2.0, abs=0.3)
    assert np.mean(learnt.role_offsets[0] - learnt.role_offsets[1]) == pytest.approx(1.2, abs=0.3)
    assert learnt.overall_offsets[1] - learnt.overall_offsets[0] == pytest.approx(0.8, abs=0.3)


def test_a_pool_moves_its_segment_and_hardly_the_others() -> None:
    layout = Layout(segments=("a", "b", "c"))
    hyper = Hyperparameters.default(layout)
    pools = tuple(PoolObservation(float(n), 1, n % 7, 3.0, 6.0, 0.25) for n in range(28))
    learnt = learn_means(Columns.of([]), layout=layout, hyper=hyper, pools=pools)
    assert learnt.segment_means[1].mean() < learnt.segment_means[0].mean()
    assert learnt.segment_means[1].mean() < 6.5


def test_before_any_answer_nothing_is_learnt_and_everything_works() -> None:
    model = FilterModel(LAYOUT, HYPER)
    learnt = model.refit([], at=3.0)
    told = FilterModel(LAYOUT, learnt).estimate(model.start(0), at=30.0)
    assert (learnt.answers, learnt.fitted_at) == (0, 3.0)
    assert (told.composite.mean, told.composite.answers) == (7.0, 0)
    assert told.composite.high - told.composite.low > 3


def test_a_refit_reads_nothing_later_than_its_day() -> None:
    known = [
        Record(n % 2, [Observation(float(day), day % 7, 6.0 + n, rater="a") for day in range(6)])
        for n in range(3)
    ]
    later = [
        replace(r, observations=[*r.observations, Observation(90.0, 0, 0.0, rater="z")])
        for r in known
    ]
    model = FilterModel(LAYOUT, HYPER)
    one, other = model.refit(known, at=60.0), model.refit(later, at=60.0)
    assert one.to_json() == other.to_json()
    assert one.answers == 18


def test_it_finds_the_spread_of_people_and_answers() -> None:
    rng = np.random.default_rng(6)
    rows = []
    for partner in range(40):
        level, people = rng.normal(6, 0.6), rng.normal(0, 1.5, 4)
        told = [
            (n * 9.0, n % 7, level + people[n % 4] + rng.normal(0, 0.6), f"{partner}-{n % 4}")
            for n in range(24)
        ]
        rows.append(
            Record(
                partner % 16,
                [
                    Observation(day, item, float(np.clip(np.rint(value), 0, 10)), rater=who)
                    for day, item, value, who in told
                ],
            )
        )
    learnt = fit_spread(Columns.of(rows), layout=LAYOUT, hyper=HYPER)
    assert 1.1 < learnt.leniency_sd < 1.8
    assert 0.45 < learnt.noise_sd < 0.85


def test_it_learns_that_people_drift_though_the_default_lies_far_off() -> None:
    scenario = HARDER["drifting_leniency"]
    world = build(scenario, partners=150, days=366, rng=np.random.default_rng(14))
    columns = every_four_weeks(world, design="overall", rng=np.random.default_rng(14)).columns
    learnt = fit(columns, layout=LAYOUT, hyper=Hyperparameters.default(LAYOUT), at=365.0)
    assert learnt.leniency_tau < 2500


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    world = build(BASE, partners=200, days=500, rng=np.random.default_rng(5))
    columns = every_four_weeks(world, design="overall", rng=np.random.default_rng(6)).columns
    learnt = learn_means(columns.until(365), layout=LAYOUT, hyper=HYPER)
    run = program.run(program.plan(columns, looks=[400.5, 490.5]), layout=LAYOUT, hyper=learnt)
    truth = world.truth[[400, 490]].astype(float)
    miss = np.abs(run.mean - truth) / np.sqrt(np.einsum("lpmm->lpm", run.cov))
    assert 0.76 < (miss < 1.2816).mean() < 0.86
    assert 0.92 < (miss < 1.96).mean() < 0.98
    averages = baselines.Averages.learn(columns, roles=5)
    simple = baselines.two_level(columns, averages, at=490.5).mean
    assert ((run.mean[1] - truth[1]) ** 2).mean() < 0.9 * ((simple - truth[1]) ** 2).mean()


def test_a_program_that_speaks_through_atoms_gets_ranges_that_hold() -> None:
    # With atoms read as fresh answers this world's spread was learnt too small: .850 and .855.
    told = judge(Case(BASE, seed=23, partners=500, design="overall", named=0.1))
    assert 0.86 < told.cover[1] < 0.93
    assert 0.86 < told.cover_composite[1] < 0.93


def test_the_order_of_rows_changes_nothing_that_is_learnt() -> None:
    records, rng = a_program(), np.random.default_rng(8)
    pools = [PoolObservation(float(d), d % 16, d % 8, 6.0 + d % 3, 5.0, 0.3) for d in range(20)]
    # Two people at one instant: their order must not matter either.
    twins = [Observation(700.5, 1, value, rater=f"{value}") for value in (2.0, 9.0)]
    records[3] = Record(records[3].segment, [*records[3].observations, *twins])
    model = FilterModel(LAYOUT, HYPER)
    mixed = [
        Record(one.segment, [one.observations[k] for k in rng.permutation(len(one.observations))])
        for one in (records[k] for k in rng.permutation(len(records)))
    ]
    learnt = model.refit(records, at=710.0, pools=pools)
    again = model.refit(mixed, at=710.0, pools=pools[::-1])
    assert learnt.to_json() == again.to_json()


def test_a_program_without_roles_and_overall_items_works_too() -> None:
    layout = Layout(metrics=("only",), overall=(), roles=())
    rows = [Record(0, [Observation(float(d), 0, 4.0, rater="a") for d in range(5)])] * 3
    model = FilterModel(layout, Hyperparameters.default(layout))
    learnt = FilterModel(layout, model.refit(rows, at=9.0))
    told = learnt.estimate(learnt.rescore(0, observations=rows[0].observations, at=9.0), at=9.0)
    assert told.metrics[0].mean == pytest.approx(told.composite.mean)
    assert 3.5 < told.composite.mean < 6.5
