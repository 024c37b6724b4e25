"""The demo world, by which the product is judged: pure numbers, no database."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from partnerloop.demo.comments import LEVELS, Voice, words
from partnerloop.demo.people import countries, cultures
from partnerloop.demo.scenario import SHOWCASE, Scenario, TooFewPartners, UnknownMix, quiet
from partnerloop.demo.world import World, build
from partnerloop.engine.interface import DIMENSIONS

AT = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


@cache
def full(mix: str = "50/40") -> World:
    return build(Scenario(mix=mix), at=AT)


def test_it_has_the_size_and_the_long_tail_of_the_fixed_program() -> None:
    world = full()
    assert len(world.companies) == 300
    assert len(world.people) == 2400
    small = sum(company.contacts <= 6 for company in world.companies)
    assert small == 180
    counted = Counter(person.company for person in world.people)
    assert [counted[place] for place in range(300)] == [c.contacts for c in world.companies]


def test_three_in_ten_answer_and_the_answers_are_spread_over_people() -> None:
    asks = full().asks
    assert 0.27 <= len(asks.answered) / len(asks.rows) <= 0.33
    answering = len({ask.person for ask in asks.answered})
    assert answering > 0.85 * 2400


@pytest.mark.parametrize(("mix", "share"), [("50/40", 0.5), ("10/80", 0.1)])
def test_the_mix_of_modes_is_the_one_asked_for(mix: str, share: float) -> None:
    replies = [ask.reply for ask in full(mix).asks.answered if ask.reply]
    assert abs(np.mean([reply.named for reply in replies]) - share) < 0.04
    assert abs(np.mean([reply.anonymous for reply in replies]) - 0.1) < 0.04


def test_nobody_is_asked_twice_within_31_days_nor_on_a_weekend() -> None:
    world = full()
    days: dict[int, list[int]] = {}
    for ask in world.asks.rows:
        days.setdefault(ask.person, []).append(ask.day)
        assert (world.first_day + timedelta(days=ask.day)).weekday() < 5
    assert all(later - day >= 31 for asked in days.values() for day, later in pairwise(asked))
    assert max(len(asked) for asked in days.values()) <= 12


def test_everybody_is_asked_one_overall_two_dimensions_and_one_open_question() -> None:
    for ask in full().asks.rows[::50]:
        overall, first, second, open_one = ask.asked
        assert overall.overall
        assert {first.measures, second.measures} <= set(DIMENSIONS)
        assert first.measures != second.measures
        assert open_one.measures in {first.measures, second.measures}
        assert all(question.suits(full().people[ask.person].role) for question in ask.asked)


def test_a_reversed_question_is_answered_the_other_way_round() -> None:
    turned = [
        (raw, better)
        for ask in full().asks.answered
        if ask.reply
        for question, raw, better in zip(
            ask.asked, ask.reply.values, ask.reply.oriented, strict=False
        )
        if question.reversed and raw is not None and better is not None
    ]
    assert len(turned) > 100
    assert all(raw == 10 - better for raw, better in turned)


def test_answers_follow_the_truth() -> None:
    world = full()
    pairs = [
        (ask.reply.oriented[0], world.truth.scores[ask.day, ask.company].mean())
        for ask in world.asks.answered
        if ask.reply
    ]
    given, true = np.array(pairs, float).T
    assert np.corrcoef(given, true)[0, 1] > 0.5
    assert abs(given.mean() - true.mean()) < 0.2


def test_the_showcase_has_the_truth_its_story_needs() -> None:
    world = full()
    place = [company.name for company in world.companies].index(SHOWCASE.name)

    def now(metric: str) -> float:
        return world.truth.of(place, metric, on=world.today)

    assert now("commitment") > 8.5
    assert now("conflict") < 3.2
    assert now("communication") < 3.2
    assert 5.0 < now("cooperation") < 7.2


def test_a_quiet_world_only_drifts() -> None:
    world = build(quiet(partners=60), at=AT)
    assert world.truth.breaks == ()
    steps = np.abs(np.diff(world.truth.scores, axis=0)).max()
    assert steps < 0.5


def test_the_same_seed_and_day_give_the_same_world_and_another_seed_another() -> None:
    scenario = Scenario(partners=40)
    one, same, other = (build(scenario, at=AT, seed=seed) for seed in (3, 3, 4))
    assert one.companies == same.companies
    assert one.people == same.people
    assert one.asks.rows == same.asks.rows
    assert one.business.deals == same.business.deals
    assert np.array_equal(one.truth.scores, same.truth.scores)
    assert one.people != other.people


def test_names_are_unique_and_addresses_cannot_exist() -> None:
    world = full()
    assert len({company.name for company in world.companies}) == 300
    assert len({person.email for person in world.people}) == 2400
    assert all(person.email.endswith(".example") for person in world.people)
    assert {country.culture for country in countries()} == set(cultures())


def test_there_are_a_dozen_sentences_for_each_metric_and_level_and_a_reply_to_each() -> None:
    for metric in DIMENSIONS:
        for level in LEVELS:
            sentences = words().comments[metric][level]
            assert len(sentences) >= 12
            assert len(set(sentences)) == len(sentences)
            assert len(words().replies[metric][level]) >= 2


def test_a_partner_never_says_the_same_twice_and_then_falls_silent() -> None:
    voice = Voice(np.random.default_rng(1))
    said = [voice.comment("conflict", "low", partner=1, month=5) for _ in range(20)]
    written = [text for text in said if text]
    assert len(written) == len(set(written)) == len(words().comments["conflict"]["low"])
    assert voice.comment("conflict", "low", partner=2, month=5)


def test_it_refuses_a_mix_and_a_size_that_it_does_not_know() -> None:
    with pytest.raises(UnknownMix):
        Scenario(mix="90/5")
    with pytest.raises(TooFewPartners):
        Scenario(partners=3)
