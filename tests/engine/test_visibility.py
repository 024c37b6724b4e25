"""What becomes visible of companies: an estimate that follows the rules, and delays from weeks."""

import itertools

import pytest

from partnerloop.engine.visibility import Expected, Habits, Heard, expected, shown_within

HABITS = Habits(28, answering=0.27, named=0.2, confidential=0.7, minimum=3)
NAMED = Habits(28, answering=0.27, named=0.6, confidential=0.3, minimum=3)


def test_nobody_who_may_count_means_nothing_is_seen() -> None:
    assert expected(0, habits=HABITS) == Expected(own=0, batch=0, soon=0, later=0, age=None)


def test_two_people_never_make_a_batch_of_three() -> None:
    assert expected(2, habits=HABITS).batch == 0


@pytest.mark.parametrize(("people", "measured"), [(3, 0.25), (4, 0.52), (6, 0.78), (8, 0.96)])
def test_it_comes_near_what_was_measured_in_simulated_programs(people, measured) -> None:
    assert expected(people, habits=HABITS).batch == pytest.approx(measured, abs=0.13)


def test_larger_companies_are_seen_more_often_and_sooner() -> None:
    told = [expected(people, habits=HABITS) for people in (1, 3, 5, 8, 12)]
    for smaller, larger in itertools.pairwise(told):
        assert smaller.own < larger.own
        assert smaller.soon < larger.soon
        assert smaller.later < larger.later


@pytest.mark.parametrize("people", [1, 2, 3, 5])
def test_names_show_more_of_small_companies_than_batches_do(people) -> None:
    assert expected(people, habits=NAMED).own > expected(people, habits=HABITS).own + 0.03


def test_a_larger_smallest_batch_shows_less() -> None:
    strict = Habits(28, answering=0.27, named=0.2, confidential=0.7, minimum=5)
    assert expected(6, habits=strict).batch < expected(6, habits=HABITS).batch - 0.1


def test_a_named_answer_shows_a_change_of_the_weeks_before_it() -> None:
    heard = [Heard(named=(7,), batches=())]
    assert shown_within(4, heard, weeks=range(2, 3)) == 0
    assert shown_within(4, heard, weeks=range(3, 4)) == 1
    assert shown_within(4, heard, weeks=range(7, 8)) == 0


def test_a_batch_shows_a_change_only_if_most_of_its_answers_came_after() -> None:
    heard = [Heard(named=(), batches=(10, 20))]
    assert shown_within(13, heard, weeks=range(14, 15)) == 1
    assert shown_within(13, heard, weeks=range(16, 17)) == 0
