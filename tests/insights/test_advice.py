"""Every figure gets a verdict and one piece of advice, and the table has no gap."""

from itertools import product

import pytest
from django.utils import translation

from partnerloop.core.words import Level, Verdict, verdict
from partnerloop.insights.advice import Advice, advice
from partnerloop.insights.advice.roles import CHECKS, ROLE_NAMES
from partnerloop.insights.advice.rules import RULES
from partnerloop.pulses.bank import DIMENSIONS, ROLES, read_bank

METRICS = [metric.key for metric in read_bank().metrics]
LEVELS = list(Level)
LOW = verdict(low=2, high=3)
STRAINED = verdict(low=4.4, high=5.2)
STRAINED_TO_GOOD = verdict(low=5.2, high=6.3)
GOOD = verdict(low=6.1, high=7)
GOOD_TO_HIGH = verdict(low=7, high=8)
HIGH = verdict(low=8, high=9)
TOO_EARLY = verdict(low=2, high=8)
VERDICTS = [LOW, STRAINED, STRAINED_TO_GOOD, GOOD, GOOD_TO_HIGH, HIGH, TOO_EARLY]
DIRECTIONS = ["up", "flat", "down"]


@pytest.mark.parametrize("metric", METRICS)
def test_the_table_has_no_gap(metric) -> None:
    assert set(RULES[metric].levels) == set(LEVELS)
    for word, direction, role in product(VERDICTS, DIRECTIONS, [None, *ROLES]):
        found = advice(metric, word, direction, role)
        assert found.says
        assert found.do
        assert "{" not in found.text


def test_there_are_rules_for_the_eight_metrics_and_no_other() -> None:
    assert set(RULES) == set(METRICS)
    assert set(CHECKS) == set(DIMENSIONS)
    assert set(ROLE_NAMES) == set(ROLES)
    assert all(set(checks) == set(ROLES) for checks in CHECKS.values())


def test_an_unknown_metric_or_role_is_an_error_and_not_an_empty_advice() -> None:
    with pytest.raises(KeyError):
        advice("warmth", LOW)
    with pytest.raises(KeyError):
        advice("conflict", LOW, "flat", "boss")


# What the product promises by name -----------------------------------------------------------


def test_a_high_commitment_suggests_a_growth_candidate() -> None:
    assert "growth candidate" in advice("commitment", HIGH).text


def test_a_low_conflict_figure_says_that_conflict_is_high_and_asks_for_root_causes() -> None:
    found = advice("conflict", LOW)
    assert "conflict is high" in found.says
    assert "root causes" in found.do


@pytest.mark.parametrize("role", ROLES)
def test_a_low_communication_names_the_role_that_pulls_it_down_and_what_to_check(role) -> None:
    found = advice("communication", LOW, "flat", role)
    assert f"Named answers of {ROLE_NAMES[role]} pull it down." in found.says
    assert found.do == str(CHECKS["communication"][role])
    assert found.do.startswith("Check ")


def test_a_low_communication_without_named_answers_still_says_what_to_check() -> None:
    found = advice("communication", LOW)
    assert "Named answers" not in found.text
    assert found.do.startswith("Check ")


def test_a_middling_cooperation_points_at_joint_planning() -> None:
    assert "Plan jointly" in advice("cooperation", STRAINED).text
    assert "Plan jointly" in advice("cooperation", STRAINED_TO_GOOD).text


def test_too_early_to_say_advises_to_decide_nothing() -> None:
    found = {advice(metric, TOO_EARLY, "flat", "sales") for metric in METRICS}
    assert len(found) == 1
    assert "Decide nothing" in found.pop().do


@pytest.mark.parametrize("metric", METRICS)
def test_a_movement_is_looked_into_even_where_the_level_is_too_early_to_say(metric) -> None:
    assert advice(metric, TOO_EARLY, "down").do == str(RULES[metric].falling)
    assert advice(metric, TOO_EARLY, "up").do == str(RULES[metric].rising)


# How the table is read -----------------------------------------------------------------------


def test_two_words_are_advised_by_the_lower_one() -> None:
    assert advice("credibility", GOOD_TO_HIGH) == advice("credibility", GOOD)


@pytest.mark.parametrize("metric", METRICS)
def test_a_good_figure_that_falls_and_a_weak_one_that_rises_are_advised_differently(metric) -> None:
    for level in LEVELS:
        weak = level in (Level.LOW, Level.STRAINED)
        steady = advice(metric, Verdict((level,), mark=level.tone))
        moved = advice(metric, Verdict((level,), mark=level.tone), "up" if weak else "down")
        assert moved.says == steady.says
        assert moved.do != steady.do


@pytest.mark.parametrize("metric", METRICS)
def test_no_two_levels_give_the_same_advice(metric) -> None:
    assert len({advice(metric, word) for word in (LOW, STRAINED, GOOD, HIGH)}) == 4


def test_a_role_is_told_only_while_the_figure_is_weak() -> None:
    assert advice("communication", HIGH, "flat", "sales") == advice("communication", HIGH)


def test_the_text_joins_what_it_says_and_what_to_do() -> None:
    assert Advice("It is late.", "Go home.").text == "It is late. Go home."


def test_a_piece_of_advice_fits_its_card() -> None:
    texts = {
        advice(metric, word, direction, role).do
        for metric, word, direction, role in product(METRICS, VERDICTS, DIRECTIONS, [None, *ROLES])
    }
    assert [text for text in texts if len(text) > 90] == []


def test_it_is_looked_up_in_the_language_of_the_reader() -> None:
    with translation.override("de"):
        found = advice("conflict", LOW)
    assert isinstance(found.says, str)
    assert isinstance(found.do, str)
