"""The model against exact normal conditioning, and what must hold for any answers."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerloop.engine import (
    FilterModel,
    Hyperparameters,
    Layout,
    Observation,
    State,
)
from partnerloop.engine.atoms import AGE

LAYOUT = Layout(segments=("gold", "silver"))
HYPER = Hyperparameters.default(LAYOUT)
MODEL = FilterModel(LAYOUT, HYPER)
LINEAR = FilterModel(
    LAYOUT, replace(HYPER, jump_rate=0.0, steadiness=1e12, segment_mean_sd=np.zeros((2, 7)))
)

answers = st.builds(
    Observation,
    day=st.integers(0, 400).map(float),
    metric=st.integers(0, 9),
    value=st.integers(0, 10).map(float),
    rater=st.sampled_from([f"contact {n}" for n in range(15)]),
    role=st.none() | st.integers(0, 4),
)
atoms = st.builds(
    Observation,
    day=st.integers(0, 400).map(float),
    metric=st.integers(0, 9),
    value=st.floats(0, 10).map(lambda v: round(v, 1)),
    people=st.integers(1, 9).map(float),
    blur_sd=st.floats(0, 1),
)
histories = st.lists(answers | atoms, max_size=40).map(
    lambda rows: sorted(rows, key=lambda one: one.day)
)


def same(one: State, other: State) -> None:
    first, second = MODEL.belief(one, at=500), MODEL.belief(other, at=500)
    assert np.abs(first.mean - second.mean).max() < 1e-9
    assert np.abs(first.cov - second.cov).max() < 1e-9
    assert one.answers.tolist() == other.answers.tolist()


@given(histories)
@settings(max_examples=40, deadline=None)
def test_answers_one_by_one_give_the_same_as_all_at_once(rows: list[Observation]) -> None:
    state = MODEL.start(1)
    for one in rows:
        state = State.from_bytes(MODEL.update(state, observations=[one], at=one.day).to_bytes())
    same(state, MODEL.rescore(1, observations=rows, at=400))


@given(histories, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_late_answers_give_the_same_as_answers_in_order(
    rows: list[Observation], random: object
) -> None:
    distinct = list({one.day: one for one in rows}.values())
    late = list(distinct)
    random.shuffle(late)  # type: ignore[attr-defined]
    same(
        MODEL.rescore(0, observations=late, at=400),
        MODEL.rescore(0, observations=distinct, at=400),
    )


@given(histories)
@settings(max_examples=40, deadline=None)
def test_the_names_of_raters_do_not_matter(rows: list[Observation]) -> None:
    renamed = [replace(one, rater=None if one.rater is None else one.rater[::-1]) for one in rows]
    same(
        MODEL.rescore(0, observations=rows, at=400),
        MODEL.rescore(0, observations=renamed, at=400),
    )


@given(histories)
@settings(max_examples=40, deadline=None)
def test_any_answers_give_a_range_on_the_scale(rows: list[Observation]) -> None:
    told = MODEL.estimate(MODEL.rescore(0, observations=rows, at=400), at=410)
    for one in (*told.metrics, told.composite):
        assert 0 <= one.low <= one.mean <= one.high <= 10
        assert 0 < one.sd < 3


def exact(rows: list[Observation], *, at: float) -> tuple[np.ndarray, np.ndarray]:
    """The posterior of the seven metrics by conditioning one big normal vector."""
    hyper, days = LINEAR.hyper, np.array([one.day for one in rows])
    asks = np.array([np.eye(7)[o.metric] if o.metric < 7 else np.full(7, 1 / 7) for o in rows])
    spread = hyper.inflation * (hyper.general_sd**2 + hyper.specific_sd**2 * np.eye(7))
    apart = np.exp(-np.abs(days[:, None] - days) / hyper.tau)
    people = np.array([hash(one.rater) for one in rows])
    leniency = hyper.leniency_sd**2 * np.exp(-np.abs(days[:, None] - days) / hyper.leniency_tau)
    noise = [hyper.noise_sd if one.metric < 7 else hyper.overall_noise_sd for one in rows]
    cov = asks @ spread @ asks.T * apart + (people[:, None] == people) * leniency
    cov += np.diag(np.square(noise))
    toward = spread @ asks.T * np.exp(-(at - days) / hyper.tau)
    gain = np.linalg.solve(cov, toward.T).T
    residual = np.array([one.value for one in rows]) - 7.0
    return 7.0 + gain @ residual, spread - gain @ toward.T


def test_it_equals_the_exact_posterior_where_everything_is_normal() -> None:
    rng = np.random.default_rng(4)
    rows = [
        Observation(float(day), int(rng.integers(10)), float(rng.integers(1, 10)), rater=name)
        for day, name in zip(range(0, 300, 10), "abcabcdabcdeabcdefabcdefabcdef", strict=True)
    ]
    mean, cov = exact(rows, at=320.0)
    belief = LINEAR.belief(LINEAR.rescore(0, observations=rows, at=300), at=320.0)
    assert np.abs(belief.mean[:7] - mean).max() < 1e-9
    assert np.abs(belief.cov[:7, :7] - cov).max() < 1e-9


def test_looking_back_equals_the_exact_posterior_of_a_day_between_answers() -> None:
    rows = [
        Observation(day, 1, value, rater=name)
        for day, value, name in [
            (0.0, 8.0, "a"),
            (50.0, 6.0, "b"),
            (90.0, 4.0, "a"),
            (95.0, 5, "c"),
        ]
    ]
    hyper = LINEAR.hyper
    days = np.array([one.day for one in rows])
    spread = hyper.inflation * (hyper.general_sd**2 + hyper.specific_sd**2)
    people = np.array([one.rater for one in rows])
    apart = np.abs(days[:, None] - days)
    cov = spread * np.exp(-apart / hyper.tau) + np.eye(4) * hyper.noise_sd**2
    cov += (people[:, None] == people) * hyper.leniency_sd**2 * np.exp(-apart / hyper.leniency_tau)
    toward = spread * np.exp(-np.abs(70.0 - days) / hyper.tau)
    gain = np.linalg.solve(cov, toward)
    looked = LINEAR.history(0, observations=rows, days=[70.0])[0].metrics[1]
    assert looked.mean == pytest.approx(7 + gain @ ([8.0, 6.0, 4.0, 5.0] - np.float64(7)))
    assert looked.sd == pytest.approx(math.sqrt(spread - gain @ toward))
    assert looked.answers == 2


def test_a_trend_ends_where_the_score_stands() -> None:
    rows = [
        Observation(float(day), day % 7, 9.0 - day / 30, rater=f"{day % 4}") for day in range(90)
    ]
    state = MODEL.rescore(0, observations=rows, at=89)
    assert MODEL.history(0, observations=rows, days=[120.0])[0] == MODEL.estimate(state, at=120.0)


def test_the_top_of_the_scale_is_only_a_lower_bound() -> None:
    one = Observation(0.0, 0, 10.0, rater="a")
    told = LINEAR.belief(LINEAR.rescore(0, observations=[one], at=0), at=0)
    prior = HYPER.inflation * (HYPER.general_sd**2 + HYPER.specific_sd**2)
    total = prior + HYPER.leniency_sd**2 + HYPER.noise_sd**2
    alpha = (9.5 - 7.0) / math.sqrt(total)
    tail = math.erfc(alpha / math.sqrt(2)) / 2
    hazard = math.exp(-alpha * alpha / 2) / math.sqrt(2 * math.pi) / tail
    assert told.mean[0] == pytest.approx(7 + prior / math.sqrt(total) * hazard)
    assert told.cov[0, 0] == pytest.approx(prior - prior**2 / total * hazard * (hazard - alpha))


def test_a_blurred_mean_of_four_lies_between_a_person_and_a_plain_mean() -> None:
    def sd(**basis: float) -> float:
        one = Observation(0.0, 0, 5.0, **basis)  # type: ignore[arg-type]
        return MODEL.estimate(MODEL.rescore(0, observations=[one], at=0), at=0).metrics[0].sd

    assert sd(people=4.0) < sd(people=4.0, blur_sd=0.375) < sd(people=1.0)


def test_an_atom_tells_what_its_people_thought_some_weeks_ago() -> None:
    spoken = [Observation(float(day), 2, 3.0, rater=f"{day % 3}") for day in range(0, 90, 3)]
    atom = Observation(90.0, 2, 5.0, people=3.0, blur_sd=0.5)
    before = LINEAR.belief(LINEAR.rescore(0, observations=spoken, at=90), at=90)
    seen = LINEAR.innovations(0, observations=[*spoken, atom])[-1]
    hyper, fresh = LINEAR.hyper, math.exp(-AGE / LINEAR.hyper.tau)
    assert 5.0 - seen.residual == pytest.approx(7.0 + fresh * (before.mean[2] - 7.0))
    usual = hyper.inflation * (hyper.general_sd**2 + hyper.specific_sd**2)
    old = usual * ((1 + 2 * fresh) / 3 - fresh**2)
    crowd = (hyper.leniency_sd**2 + hyper.noise_sd**2) / 3
    total = fresh**2 * before.cov[2, 2] + crowd + 0.5**2 + old
    assert seen.sd == pytest.approx(math.sqrt(total))


def test_the_composite_has_a_variance_of_its_own() -> None:
    rows = [Observation(float(n), n % 7, 6.0, rater=f"{n % 5}") for n in range(35)]
    state = MODEL.rescore(0, observations=rows, at=40)
    told, cov = MODEL.estimate(state, at=40), MODEL.belief(state, at=40).cov[:7, :7]
    assert told.composite.sd == pytest.approx(math.sqrt(cov.sum()) / 7)
    assert told.composite.sd > math.sqrt(sum(m.sd**2 for m in told.metrics)) / 7


def test_an_overall_answer_informs_every_dimension() -> None:
    state = MODEL.rescore(0, observations=[Observation(0.0, 8, 2.0, rater="a")], at=0)
    told = MODEL.estimate(state, at=0)
    assert all(one.mean < 6.5 and one.answers == 0 for one in told.metrics)
    assert told.composite.answers == 1


def test_silence_widens_the_range_and_pulls_to_the_segment() -> None:
    rows = [Observation(float(n), 0, 2.0, rater=f"{n % 3}") for n in range(12)]
    state = MODEL.rescore(0, observations=rows, at=12)
    soon, late = MODEL.estimate(state, at=12).metrics[0], MODEL.estimate(state, at=400).metrics[0]
    assert soon.mean < late.mean < 7
    assert soon.sd < late.sd
    assert late.last_day == 11


def test_a_harsh_rater_explains_what_only_he_says() -> None:
    others = [Observation(float(n), 0, 8.0, rater=f"{n % 3}") for n in range(12)]
    harsh = [Observation(12.0 + n, 0, 3.0, rater="harsh") for n in range(4)]
    several = [Observation(12.0 + n, 0, 3.0, rater=f"{n % 3}") for n in range(4)]
    one = MODEL.estimate(MODEL.rescore(0, observations=others + harsh, at=20), at=20)
    many = MODEL.estimate(MODEL.rescore(0, observations=others + several, at=20), at=20)
    assert one.metrics[0].mean > many.metrics[0].mean + 0.1


def test_who_answers_anything_is_trusted_less() -> None:
    wild = [Observation(10.0 * n, 0, [1.0, 9.0][n % 2], rater="wild") for n in range(20)]
    calm = [Observation(10.0 * n, 0, [5.0, 5.0][n % 2], rater="calm") for n in range(20)]
    news = Observation(200.0, 0, 9.0, rater="wild")
    state = MODEL.rescore(0, observations=wild, at=200)
    other = MODEL.rescore(0, observations=calm, at=200)
    assert state.erratic[0, 0] > 0 > other.erratic[0, 0]
    moved = [
        MODEL.belief(MODEL.update(s, observations=[replace(news, rater=r)], at=200), at=200).mean[0]
        - MODEL.belief(s, at=200).mean[0]
        for s, r in ((state, "wild"), (other, "calm"))
    ]
    assert moved[0] < moved[1]


def test_a_fall_is_followed_and_told() -> None:
    before = [Observation(15.0 * n, n % 7, 8.0, rater=f"{n % 3}") for n in range(14)]
    after = [Observation(215.0 + 5 * n, n % 7, 4.0, rater=f"{n % 3}") for n in range(9)]
    belief = MODEL.belief(MODEL.rescore(0, observations=before + after, at=260), at=260)
    likely = max(belief.changes, key=lambda change: change.probability)
    assert likely.probability > 0.8
    assert -5 < likely.size < -1.5
    assert 195 <= likely.since <= 225
    assert max(c.probability for c in _changes(before)) < 0.3


def _changes(rows: list[Observation]) -> tuple:  # type: ignore[type-arg]
    return MODEL.belief(MODEL.rescore(0, observations=rows, at=210), at=210).changes


def test_an_earlier_day_needs_a_rescore() -> None:
    state = MODEL.rescore(0, observations=[Observation(9.0, 0, 5.0, rater="a")], at=9)
    with pytest.raises(ValueError, match=r"day 3\.0 comes after day 9\.0: rescore"):
        MODEL.update(state, observations=[Observation(3.0, 0, 5.0, rater="a")], at=9)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"value": 10.5}, "outside 0-10: 10.5"),
        ({"value": math.nan}, "outside 0-10: nan"),
        ({"day": math.inf}, "not finite"),
        ({"people": 0.5, "rater": None}, "people 0.5"),
        ({"people": 3.0}, "one person, not 3"),
    ],
)
def test_it_names_what_is_wrong_with_an_observation(wrong: dict, told: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match=told):
        Observation(**{"day": 1.0, "metric": 0, "value": 5.0, "rater": "a", **wrong})


def test_it_names_an_item_a_role_a_segment_and_a_day_it_does_not_know() -> None:
    for one, told in (
        (Observation(0.0, 10, 5.0, rater="a"), "metric 10 of 10"),
        (Observation(0.0, 0, 5.0, rater="a", role=5), "role 5 of 5"),
        (Observation(9.0, 0, 5.0, rater="a"), "after day 8"),
    ):
        with pytest.raises(ValueError, match=told):
            MODEL.rescore(0, observations=[one], at=8)
    with pytest.raises(ValueError, match="segment 2 of 2"):
        MODEL.start(2)
    with pytest.raises(ValueError, match="level"):
        MODEL.estimate(MODEL.start(0), at=0, level=1.0)


def test_a_state_with_six_contacts_stays_under_two_kilobytes() -> None:
    rng = np.random.default_rng(1)
    rows = [
        Observation(float(day), day % 10, float(rng.integers(11)), rater=f"{day % 6:032x}")
        for day in range(300)
    ]
    state = MODEL.rescore(0, observations=rows, at=300)
    assert len(state.raters) == 6
    assert len(state.to_bytes()) <= 2048


def test_a_state_of_another_version_says_so() -> None:
    with pytest.raises(ValueError, match="another version"):
        State.from_bytes(b"P0" + MODEL.start(0).to_bytes()[2:])


def test_hyperparameters_survive_json_exactly() -> None:
    odd = replace(HYPER, general_sd=0.1 + 0.2, segment_means=HYPER.segment_means / 3)
    back = Hyperparameters.from_json(odd.to_json())
    assert back.general_sd == odd.general_sd
    assert (back.segment_means == odd.segment_means).all()


def test_own_metrics_stay_out_of_the_composite() -> None:
    layout = Layout(metrics=(*LAYOUT.metrics, "sustainability"))
    model = FilterModel(layout, Hyperparameters.default(layout))
    rows = [Observation(float(n), 7, 1.0, rater=f"{n}") for n in range(5)]
    told = model.estimate(model.rescore(0, observations=rows, at=9), at=9)
    assert layout.weights[7] == 0
    assert told.metrics[7].mean < told.composite.mean
