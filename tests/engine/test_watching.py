import numpy as np
import pytest

from partnerloop.engine.interface import Hyperparameters, Layout, Observation
from partnerloop.engine.kalman import Dynamics
from partnerloop.engine.signs import Heard, read_signs
from partnerloop.engine.silence import Asked, read_silence
from partnerloop.engine.watching import (
    THRESHOLDS,
    Detector,
    rate_for_manager,
    threshold_for,
    watch_answers,
    watch_silence,
    watch_today,
)

LAYOUT = Layout()
HYPER = Hyperparameters.default(LAYOUT)


def heard(*, drop_at: float = np.inf, drop: float = 2.0, seed: int = 1, days: int = 600) -> Heard:
    """Three people answering an item a fortnight; from a day on, all of them `drop` lower."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, days, days // 5)).astype(float)
    rater = rng.integers(0, 3, day.size)
    value = 7.0 + np.array([-0.5, 0.0, 0.5])[rater] + rng.normal(0, 1.0, day.size)
    value -= drop * (day >= drop_at)
    return Heard(
        day=day,
        metric=rng.integers(0, 8, day.size),
        value=np.clip(value, 0, 10),
        rater=rater,
        role=np.zeros(day.size, int),
        people=np.ones(day.size),
        blur_sd=np.zeros(day.size),
    )


def signs_of(one: Heard):
    return read_signs(one, segment=0, layout=LAYOUT, hyper=HYPER)


def test_a_drop_of_two_points_is_listed_within_two_months_and_dated_well() -> None:
    alarms = watch_answers(signs_of(heard(drop_at=400.0)))
    listed = [a for a in alarms if a.detector is Detector.DROP]
    assert len(listed) == 1
    assert 400 <= listed[0].day <= 460
    assert abs(listed[0].since - 400) <= 30
    assert -3.2 < listed[0].size < -0.8
    assert listed[0].probability > 0.1


def test_partners_that_stay_as_they_are_raise_few_alarms() -> None:
    alarms = sum(len(watch_answers(signs_of(heard(seed=seed)))) for seed in range(30))
    assert alarms <= 6


def test_a_partner_that_recovers_after_an_alarm_is_said_to_have_recovered() -> None:
    down = heard(drop_at=200.0)
    value = down.value + 2.5 * (down.day >= 420)
    back = Heard(down.day, down.metric, value, down.rater, down.role, down.people, down.blur_sd)
    kinds = [(a.detector, a.day) for a in watch_answers(signs_of(back))]
    recovered = [day for kind, day in kinds if kind is Detector.RECOVERED]
    assert recovered
    assert recovered[0] >= 420


def test_a_rise_without_an_alarm_before_is_no_recovery() -> None:
    up = heard(drop_at=300.0, drop=-2.5)
    assert Detector.RECOVERED not in {a.detector for a in watch_answers(signs_of(up))}


@pytest.mark.parametrize("seed", range(5))
def test_a_large_step_one_way_is_no_sign_of_one_the_other_way(seed: int) -> None:
    fell = signs_of(heard(drop_at=520.0, drop=4.0, seed=seed))
    rose = signs_of(heard(drop_at=520.0, drop=-4.0, seed=seed))
    assert fell.drop.max() > 2.0
    assert fell.rise[fell.day > 520].max() < -2.0
    assert rose.drop[rose.day > 520].max() < -2.0
    kinds = [alarm.detector for alarm in watch_today(fell, rate=0.01)]
    assert kinds == [Detector.DROP]


def test_later_answers_change_no_earlier_sign() -> None:
    whole = heard(drop_at=300.0)
    half = whole.day < 350
    part = Heard(
        *(
            getattr(whole, name)[half]
            for name in ("day", "metric", "value", "rater", "role", "people", "blur_sd")
        )
    )
    count = int(half.sum())
    assert signs_of(whole).drop[:count] == pytest.approx(signs_of(part).drop, abs=1e-9)


def test_surprises_are_independent_and_of_size_one_where_the_model_is_right() -> None:
    """Answers drawn from the model itself must be whitened to unit normals."""
    rng = np.random.default_rng(4)
    one = heard()
    dynamics = Dynamics.of(LAYOUT, HYPER, segment=0)
    asks = np.zeros((one.day.size, 7))
    direct = one.metric < 7
    asks[direct, one.metric[direct]] = 1.0
    asks[~direct] = dynamics.weights
    apart = np.abs(one.day[:, None] - one.day)
    cov = (asks @ dynamics.prior @ asks.T) * np.exp(-apart / dynamics.tau)
    same = one.rater[:, None] == one.rater
    cov += same * dynamics.leniency * np.exp(-apart / dynamics.leniency_tau)
    cov += np.diag(dynamics.noise[one.metric])
    spread = []
    for _ in range(20):
        value = 7.0 + np.linalg.cholesky(cov) @ rng.standard_normal(one.day.size)
        drawn = Heard(one.day, one.metric, value, one.rater, one.role, one.people, one.blur_sd)
        spread.append(signs_of(drawn).surprise)
    every = np.concatenate(spread)
    assert abs(every.mean()) < 0.06
    assert abs(every.std() - 1) < 0.06
    assert abs(np.mean([np.corrcoef(s[1:], s[:-1])[0, 1] for s in spread])) < 0.06


def test_atoms_sound_the_alarm_as_well() -> None:
    people = heard(drop_at=400.0, drop=3.0)
    atoms = Heard(
        day=people.day,
        metric=people.metric,
        value=people.value,
        rater=np.full(people.day.size, -1),
        role=np.full(people.day.size, -1),
        people=np.full(people.day.size, 3.5),
        blur_sd=np.full(people.day.size, 0.5),
    )
    assert Detector.DROP in {a.detector for a in watch_answers(signs_of(atoms))}


def test_observations_are_laid_out_in_order_of_days() -> None:
    one = Heard.of(
        [
            Observation(9.0, 2, 4.0, rater="ben", role=1),
            Observation(3.0, 0, 8.0, rater="ana"),
            Observation(5.0, 1, 6.5, people=3.5, blur_sd=0.5),
            Observation(9.0, 7, 5.0, rater="ana", role=0),
        ]
    )
    assert one.day.tolist() == [3.0, 5.0, 9.0, 9.0]
    assert one.rater.tolist() == [0, -1, 1, 0]
    assert one.role.tolist() == [-1, -1, 1, 0]
    assert one.people.tolist() == [1.0, 3.5, 1.0, 1.0]


def test_nothing_heard_gives_no_signs() -> None:
    nothing = heard(days=0)
    assert watch_answers(signs_of(nothing)) == ()


def test_observations_out_of_order_are_refused() -> None:
    one = heard()
    with pytest.raises(ValueError, match="in order"):
        Heard(one.day[::-1], one.metric, one.value, one.rater, one.role, one.people, one.blur_sd)


def test_rarer_false_alarms_need_stronger_signs() -> None:
    for detector in Detector:
        thresholds = [threshold_for(detector, rate=r) for r in (0.01, 0.03, 0.05, 0.2, 0.5)]
        assert thresholds == sorted(thresholds, reverse=True)


def test_a_rate_that_was_not_calibrated_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.001"):
        threshold_for(Detector.DROP, rate=0.001)


def test_every_calibrated_rate_gives_its_own_threshold() -> None:
    for rate, threshold in THRESHOLDS[Detector.DROP].items():
        assert threshold_for(Detector.DROP, rate=rate) == pytest.approx(threshold)


def test_a_manager_with_forty_partners_and_one_false_alarm_a_quarter() -> None:
    assert rate_for_manager(1, months=3, partners=40) == pytest.approx(0.1)
    with pytest.raises(ValueError, match="partners"):
        rate_for_manager(1, months=3, partners=0)


def asks(*, answers_until: float, rate: float = 0.6, seed: int = 1) -> Asked:
    rng = np.random.default_rng(seed)
    day = np.sort(np.tile(np.arange(0, 700, 28.0), 3))
    return Asked(
        day=day,
        contact=np.tile(np.arange(3), day.size // 3),
        answered=(rng.random(day.size) < rate) & (day < answers_until),
        usual=np.full(day.size, 0.3),
    )


def test_people_who_used_to_answer_and_stop_have_gone_silent() -> None:
    one = asks(answers_until=350)
    alarms = watch_silence(one.day + 14, signs=read_silence(one))
    assert len(alarms) == 1
    assert 350 < alarms[0].day < 480
    assert alarms[0].since <= 364


def test_people_who_never_answer_much_have_not_gone_silent_by_the_same_asks() -> None:
    one = asks(answers_until=350, rate=0.1)
    early = [a for a in watch_silence(one.day + 14, signs=read_silence(one)) if a.day < 480]
    assert early == []


def test_a_chance_of_an_answer_beyond_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Asked(np.zeros(1), np.zeros(1, int), np.zeros(1, bool), np.ones(1))


def test_today_names_clear_drops_and_fewer_than_the_daily_list() -> None:
    fallen = [signs_of(heard(drop_at=400.0, drop=3.0, seed=seed)) for seed in range(20)]
    named = sum(bool(watch_today(signs, rate=0.01)) for signs in fallen)
    listed = sum(bool(watch_answers(signs)) for signs in fallen)
    assert 5 <= named < listed
    steady = [signs_of(heard(seed=seed)) for seed in range(30)]
    assert sum(len(watch_today(signs, rate=0.01)) for signs in steady) == 0


def test_the_rarer_an_alarm_may_be_the_clearer_it_must_be() -> None:
    rates = [threshold_for(Detector.TODAY, rate=rate) for rate in (0.001, 0.0087, 0.05, 0.5)]
    assert rates == sorted(rates, reverse=True)
