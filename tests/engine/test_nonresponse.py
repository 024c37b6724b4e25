from dataclasses import replace

import numpy as np
import pytest

from bench.scenarios import BASE
from bench.worlds import LAYOUT, build, every_four_weeks
from partnerloop.engine import FilterModel, Hyperparameters, Observation, program
from partnerloop.engine.means import learn_means
from partnerloop.engine.nonresponse import Asked, Band, doubt, sensitivity

MODEL = FilterModel(LAYOUT, Hyperparameters.default(LAYOUT))
SAID = [Observation(float(day), 7, 7.0, rater="ana") for day in (0, 30, 60)]


def band(asked: list[Asked], **changes: float) -> Band:
    settings = {"answer_rate": 0.3, "at": 70.0, **changes}
    return sensitivity(MODEL, segment=0, observations=SAID, asked=asked, **settings)


def test_the_score_lies_between_the_two_readings_of_silence() -> None:
    one = band([Asked("ana", 3, 3), Asked("ben", 3, 0)])
    assert one.if_silent_are_unhappy < one.mean < one.if_silent_are_happy


def test_more_silent_colleagues_leave_more_doubt() -> None:
    few = band([Asked("ana", 3, 3), Asked("ben", 6, 0)])
    many = band([Asked("ana", 3, 3), *(Asked(f"silent {n}", 6, 0) for n in range(5))])
    assert many.if_silent_are_unhappy < few.if_silent_are_unhappy


def test_a_stronger_reading_of_silence_leaves_more_doubt() -> None:
    asked = [Asked("ana", 3, 3), Asked("ben", 6, 0)]
    assert band(asked, gamma=0.8).if_silent_are_unhappy < band(asked, gamma=0.4).mean - 0.1


def off(**changes: float) -> float:
    asked = {"sd": 0.8, "answer_rate": 0.3, **changes}
    return doubt(LAYOUT, MODEL.hyper, segment=0, **asked)


def test_a_score_that_is_better_known_or_from_more_answers_leaves_less_doubt() -> None:
    assert off(sd=0.4) < off(sd=0.8) < off(sd=1.3)
    assert off(answer_rate=0.8) < off(answer_rate=0.5) < off(answer_rate=0.2)
    assert off(gamma=-0.8) == off(gamma=0.8) == 2 * off(gamma=0.4)


@pytest.mark.parametrize("gamma", [0.8, -0.8])
def test_the_doubt_is_about_the_bias_of_worlds_in_which_silence_is_opinion(gamma: float) -> None:
    world = build(replace(BASE, gamma=gamma), partners=400, days=500, rng=np.random.default_rng(7))
    log = every_four_weeks(world, design="overall", rng=np.random.default_rng(8))
    hyper = learn_means(log.columns, layout=LAYOUT, hyper=MODEL.hyper)
    run = program.run(program.plan(log.columns, looks=[450.5]), layout=LAYOUT, hyper=hyper)
    bias = float((run.mean[0].mean(1) - world.truth[450].mean(1)).mean())
    sds = np.sqrt(run.cov[0].sum((1, 2))) / 7
    rate = float(log.answered.mean())
    told = np.mean(
        [doubt(LAYOUT, hyper, segment=0, sd=sd, answer_rate=rate) for sd in sds.tolist()]
    )
    assert told == pytest.approx(bias * np.sign(gamma), abs=0.1)


def test_it_refuses_impossible_records() -> None:
    with pytest.raises(ValueError, match="4 answers to 3 asks"):
        Asked("ana", 3, 4)
    with pytest.raises(ValueError, match="answer rate"):
        band([], answer_rate=1.0)
    with pytest.raises(ValueError, match="gamma"):
        band([], gamma=0.0)


def test_where_the_unhappy_are_silent_the_right_reading_removes_most_of_the_bias() -> None:
    world = build(replace(BASE, gamma=0.8), partners=90, days=400, rng=np.random.default_rng(3))
    log = every_four_weeks(world, design="overall", rng=np.random.default_rng(4))
    columns, rate = log.columns, float(log.answered.mean())
    model = FilterModel(LAYOUT, learn_means(columns, layout=LAYOUT, hyper=MODEL.hyper))
    off = []
    for partner in range(world.partners):
        rows = columns.where(columns.partner == partner)
        said = [
            Observation(day, item, value, rater=str(rater), role=role)
            for day, item, value, rater, role in zip(
                rows.day.tolist(),
                rows.metric.tolist(),
                rows.value.tolist(),
                rows.rater.tolist(),
                rows.role.tolist(),
                strict=True,
            )
        ]
        mine = world.contacts.partner[log.contact] == partner
        asked = [
            Asked(str(who), int(asks.sum()), int(log.answered[mine][asks].sum()))
            for who in np.unique(log.contact[mine])
            if (asks := log.contact[mine] == who).any()
        ]
        told = sensitivity(
            model,
            segment=int(world.segments[partner]),
            observations=said,
            asked=asked,
            answer_rate=rate,
            at=400.0,
        )
        truth = float(world.truth[-1, partner].mean())
        off.append((told.if_silent_are_unhappy - truth, told.mean - truth))
    corrected, ignored = np.mean(off, axis=0)
    assert ignored > 0.1
    assert abs(corrected) < 0.2
    assert corrected < ignored - 0.2
