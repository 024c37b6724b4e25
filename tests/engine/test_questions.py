import numpy as np
import pytest

from partnerloop.engine.interface import Hyperparameters, Layout, Observation
from partnerloop.engine.model import FilterModel
from partnerloop.engine.questions import Known, Openings, expected_gain, pick_questions

LAYOUT = Layout()
HYPER = Hyperparameters.default(LAYOUT)
MODEL = FilterModel(LAYOUT, HYPER)


def known(*answers: Observation, raters: tuple[str, ...] = ("ana",)) -> Known:
    state = MODEL.rescore(0, observations=answers, at=100.0)
    belief = MODEL.belief(state, at=100.0)
    return Known.of(belief, raters=raters, leniency_sd=HYPER.leniency_sd)


def repeated(one: Known, times: int) -> Known:
    return Known(np.repeat(one.cov, times, axis=0))


def pick(some: Known, openings: Openings, *, seed: int = 1, count: int = 2) -> np.ndarray:
    return pick_questions(
        some,
        openings=openings,
        layout=LAYOUT,
        hyper=HYPER,
        rng=np.random.default_rng(seed),
        count=count,
    )


def test_the_first_answer_of_a_partner_teaches_more_than_a_later_one() -> None:
    heard = [Observation(99.0, m, 6.0, rater="ben") for m in range(7)]
    first, later = known(), known(*heard)
    gains = expected_gain(first + later, layout=LAYOUT, hyper=HYPER)
    assert gains[0] > 1.5 * gains[1]


def test_a_colleague_teaches_more_than_the_one_who_has_just_answered() -> None:
    heard = [Observation(99.0, m, 6.0, rater="ana") for m in range(7)]
    gains = expected_gain(known(*heard, raters=("ana", "ben")), layout=LAYOUT, hyper=HYPER)
    assert gains[1] > gains[0]


def test_the_gain_is_the_variance_three_answers_take_away() -> None:
    """The filter itself, given an overall item and two dimensions, loses exactly that much."""
    before = MODEL.belief(MODEL.start(0), at=100.0)
    gain = float(expected_gain(known(), layout=LAYOUT, hyper=HYPER)[0])
    answers = [Observation(100.0, item, 6.0, rater="ana") for item in (7, 0, 1)]
    after = MODEL.belief(MODEL.rescore(0, observations=answers, at=100.0), at=100.0)
    lost = np.trace(before.cov) - np.trace(after.cov[:7, :7])
    assert gain == pytest.approx(lost, rel=1e-6)


def test_a_dimension_just_heard_is_not_asked_again() -> None:
    heard = [Observation(99.0, m, 6.0, rater=r) for m in (0, 1, 2) for r in ("ben", "eve", "kim")]
    openings = Openings.unknown(np.zeros(1, int), metrics=7)
    assert not {0, 1, 2} & set(pick(known(*heard), openings)[0].tolist())


def test_all_dimensions_are_asked_alike_over_a_program() -> None:
    openings = Openings.unknown(np.arange(300), metrics=7)
    heard = [Observation(99.0, 3, 6.0, rater="ben")] * 3
    picked = pick(repeated(known(*heard), 300), openings)
    counts = np.bincount(picked.ravel(), minlength=7)
    assert np.abs(counts / counts.mean() - 1).max() < 0.12


def test_an_open_batch_is_filled_and_not_twice_by_one_person() -> None:
    openings = Openings.unknown(np.zeros(1, int), metrics=7)
    openings.people[0, [2, 5, 6]] = 2.0
    openings.inside[0, 6] = True
    assert set(pick(known(), openings)[0].tolist()) == {2, 5}


def test_colleagues_asked_together_are_asked_the_same_dimensions() -> None:
    together = Openings.unknown(np.array([4, 4, 4]), metrics=7)
    picked = pick_questions(
        repeated(known(), 3),
        openings=Openings(
            together.partner,
            together.contacts,
            together.wait,
            together.people,
            together.inside,
            np.full(7, 500.0),
        ),
        layout=LAYOUT,
        hyper=HYPER,
        rng=np.random.default_rng(2),
        response=0.5,
    )
    assert len({tuple(sorted(row)) for row in picked.tolist()}) == 1


def test_a_dimension_that_waited_too_long_goes_first_where_there_are_three_contacts() -> None:
    openings = Openings.unknown(np.array([0]), metrics=7)
    openings.wait[0, 4] = 150.0
    openings.contacts[0] = 3
    assert 4 in pick(known(), openings)[0]


def test_three_dimensions_can_be_rotated() -> None:
    picked = pick(repeated(known(), 7), Openings.unknown(np.arange(7), metrics=7), count=3)
    assert picked.shape == (7, 3)
    assert all(len(set(row)) == 3 for row in picked.tolist())
    assert set(np.bincount(picked.ravel(), minlength=7).tolist()) == {3}


def test_more_dimensions_than_there_are_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="8 dimensions of 7"):
        pick(known(), Openings.unknown(np.zeros(1, int), metrics=7), count=8)
