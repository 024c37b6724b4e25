"""How often each metric is asked about: a new one joins in, that of an objective a little more."""

from collections import Counter
from datetime import timedelta

import pytest

from partnerloop.partners.objectives import Aim, close_objective, set_objective
from partnerloop.planning.budget import reach
from partnerloop.planning.choosing import choose
from partnerloop.planning.evening import even_asks, focus_of
from partnerloop.pulses.bank import DIMENSIONS
from partnerloop.pulses.measuring import retire_metric
from tests.own_metrics import its_question, own_metric, settled
from tests.world import MONDAY, World, company, person

MEASURES = (*DIMENSIONS, "our_enablement")


def crowded(world: World) -> None:
    """Let forty companies of one to five people join."""
    for number in range(40):
        company(world, f"Company{number} Ltd", {"region": "EMEA"})
        for place in range(1 + number % 5):
            person(world, f"P{number}x{place} Test", at=f"Company{number} Ltd", role="sales")


def load(world: World, name: str = "Pulse", *, rounds: int = 1) -> Counter[str]:
    """Ask everybody as a launch does, some times, and count what was rated in the last one."""
    found = Counter[str]()
    for number in range(rounds):
        at = MONDAY + timedelta(days=15 * number)
        pulse = world.pulse(f"{name} {number}", launched_at=at, closes_at=at + timedelta(days=9))
        chosen = choose(pulse, reach(pulse, at=at).askable, at=at).chosen
        found = Counter(key for each in chosen for key in each.dimensions)
        for each in chosen:
            keys = tuple(question.key for question in each.questions)
            world.ask(each.person.name, pulse=pulse, at=at, keys=keys)
    return found


def uneven(counts: Counter[str], keys: tuple[str, ...]) -> float:
    mean = sum(counts[key] for key in keys) / len(keys)
    return max(abs(counts[key] - mean) / mean for key in keys)


def test_a_metric_with_a_question_is_asked_as_often_as_the_seven(world: World) -> None:
    crowded(world)
    its_question(own_metric(world.program))
    settled(world.program)
    assert uneven(load(world), MEASURES) <= 0.12


def test_one_that_joins_later_is_not_asked_of_everybody_at_once(world: World) -> None:
    crowded(world)
    load(world, "Before", rounds=1)
    later = MONDAY + timedelta(days=15)
    its_question(own_metric(world.program, at=later), at=later)
    settled(world.program, at=later)
    pulse = world.pulse("After", launched_at=later, closes_at=later + timedelta(days=9))
    chosen = choose(pulse, reach(pulse, at=later).askable, at=later).chosen
    counts = Counter(key for each in chosen for key in each.dimensions)
    assert counts["our_enablement"] > 0
    assert counts["our_enablement"] <= 1.6 * sum(counts.values()) / len(MEASURES)


def test_without_a_question_or_retired_nobody_is_asked_about_it(world: World) -> None:
    crowded(world)
    metric = own_metric(world.program)
    settled(world.program)
    assert load(world, "None")["our_enablement"] == 0
    its_question(metric)
    retire_metric(metric, by=None, at=MONDAY)
    later = MONDAY + timedelta(days=15)
    pulse = world.pulse("Later", launched_at=later, closes_at=later + timedelta(days=9))
    chosen = choose(pulse, reach(pulse, at=later).askable, at=later).chosen
    assert all("our_enablement" not in each.dimensions for each in chosen)


@pytest.mark.parametrize("measure", ["conflict", "our_enablement"])
def test_the_metric_of_an_open_objective_counts_as_asked_less(world: World, measure) -> None:
    own_metric(world.program)
    before = even_asks(world.program, MEASURES, at=MONDAY)
    aim = Aim("Better", measure=measure)
    objective = set_objective(world.program, aim, by=world.priya, at=MONDAY)
    after = dict(zip(MEASURES, even_asks(world.program, MEASURES, at=MONDAY), strict=True))
    for key, was in zip(MEASURES, before, strict=True):
        assert after[key] == pytest.approx(was / (1.1 if key == measure else 1))
    close_objective(objective, by=world.priya, at=MONDAY)
    assert even_asks(world.program, MEASURES, at=MONDAY) == before


def test_an_objective_lets_its_metric_be_asked_about_more_within_what_asking_may_be_uneven(
    world: World,
) -> None:
    crowded(world)
    set_objective(world.program, Aim("Better", measure="conflict"), by=world.priya, at=MONDAY)
    counts = load(world, rounds=3)
    others = [counts[key] for key in DIMENSIONS if key != "conflict"]
    assert counts["conflict"] > max(others)
    assert uneven(counts, DIMENSIONS) <= 0.12


def test_an_objective_for_the_composite_or_for_nothing_moves_nothing(world: World) -> None:
    for measure in ("partnerscore", ""):
        set_objective(world.program, Aim("Any", measure=measure), by=world.priya, at=MONDAY)
    assert {focus_of(world.program)[key] for key in DIMENSIONS} == {1.0}
