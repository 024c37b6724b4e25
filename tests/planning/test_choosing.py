"""What each person is asked: one overall question, two dimensions, one open question."""

from collections import Counter
from datetime import datetime, timedelta

from partnerloop.planning.budget import reach
from partnerloop.planning.choosing import Chosen, choose
from partnerloop.pulses.bank import DIMENSIONS
from partnerloop.pulses.models import Pulse, Question
from tests.world import MONDAY, World, company, person


def chosen(world: World, pulse: Pulse, *, at: datetime = MONDAY) -> dict[str, Chosen]:
    choice = choose(pulse, reach(pulse, at=at).askable, at=at)
    return {each.person.name: each for each in choice.chosen}


def send(world: World, name: str, *, at: datetime) -> dict[str, Chosen]:
    """Choose and ask, as a launch does."""
    pulse = world.pulse(name)
    choice = chosen(world, pulse, at=at)
    for who, each in choice.items():
        world.ask(who, pulse=pulse, at=at, keys=tuple(q.key for q in each.questions))
    return choice


def test_each_gets_one_overall_two_dimensions_and_one_open_question(world: World) -> None:
    for each in chosen(world, world.pulse()).values():
        kinds = [(q.kind, q.is_overall) for q in each.questions]
        assert kinds == [
            ("rated", True),
            ("rated", False),
            ("rated", False),
            ("open", False),
            ("open", False),
        ]
        assert len(set(each.dimensions)) == 2
        low, high = each.questions[-2:]
        assert (low.follows, high.follows) == ("low", "high")  # one of them is shown, by the score
        assert low.measure == high.measure
        assert low.measure in each.dimensions


def test_what_a_pulse_names_is_asked_beside_the_overall_question(world: World) -> None:
    pulse = world.pulse(questions=["touch_portal", "touch_deal_registration"])
    for each in chosen(world, pulse).values():
        rated = [q.key for q in each.questions if q.kind == "rated"]
        assert rated[0] == "partnerscore"
        assert set(rated[1:]) == {"touch_portal", "touch_deal_registration"}
        assert each.questions[-1].key == "partnerscore_open_high"


def test_what_a_pulse_leaves_free_the_engine_fills(world: World) -> None:
    pulse = world.pulse(questions=["event_onboard", "outlook_market"])
    for each in chosen(world, pulse).values():
        keys = [q.key for q in each.questions]
        assert keys[:2] == ["partnerscore", "event_onboard"]
        assert len(each.dimensions) == 2  # the event item and one dimension
        assert keys[-1] == "outlook_market"  # the open question that the pulse names


def test_nobody_at_a_partner_is_asked_what_is_for_customers_or_managers(world: World) -> None:
    pulse = world.pulse(questions=["customer_recommend", "predict_conflict", "mirror_conflict"])
    for each in chosen(world, pulse).values():
        assert {q.purpose for q in each.questions} == {"overall", "dimension"}


def test_the_overall_question_is_the_same_each_time(world: World) -> None:
    for month in range(3):
        sent = send(world, f"Month {month}", at=MONDAY + timedelta(days=28 * month))
        assert {each.questions[0].key for each in sent.values()} == {"partnerscore"}


def test_without_an_open_question_there_are_three_ratings(world: World) -> None:
    pulse = world.pulse(asks_open_question=False)
    assert {len(each.questions) for each in chosen(world, pulse).values()} == {3}


def test_colleagues_who_start_together_rate_the_same_dimensions(world: World) -> None:
    sent = chosen(world, world.pulse())
    rated = {name: frozenset(each.dimensions) for name, each in sent.items()}
    assert len({rated[name] for name in ("Ana Keller", "Ben Okafor", "Dan Novak")}) == 1
    assert len(set(rated.values())) > 1  # and other companies rate others


def test_all_seven_dimensions_come_round_in_five_asks(world: World) -> None:
    seen: Counter[str] = Counter()
    for month in range(5):
        sent = send(world, f"Month {month}", at=MONDAY + timedelta(days=28 * month))
        seen.update(sent["Ana Keller"].dimensions)
    assert set(seen) == set(DIMENSIONS)


def test_no_dimension_is_asked_twice_running(world: World) -> None:
    before: frozenset[str] = frozenset()
    for month in range(6):
        sent = send(world, f"Month {month}", at=MONDAY + timedelta(days=28 * month))
        now = frozenset(sent["Ana Keller"].dimensions)
        assert not now & before
        before = now


def test_a_dimension_comes_back_with_another_question(world: World) -> None:
    last: dict[str, str] = {}
    for month in range(7):
        sent = send(world, f"Month {month}", at=MONDAY + timedelta(days=28 * month))
        for question in sent["Ana Keller"].questions[1:3]:
            assert last.get(question.measure) != question.key
            last[question.measure] = question.key
    assert set(last) == set(DIMENSIONS)


def test_a_question_for_some_roles_is_asked_of_no_other(world: World) -> None:
    Question.objects.of(world.program).exclude(key="commitment_brand").filter(
        measure="commitment", kind="rated"
    ).update(retired_at=MONDAY)
    asked: set[str] = set()
    for month in range(4):
        sent = send(world, f"Month {month}", at=MONDAY + timedelta(days=28 * month))
        assert "commitment" not in sent["Ana Keller"].dimensions  # technical
        asked.update(question.key for question in sent["Ben Okafor"].questions)  # sales
    assert "commitment_brand" in asked


def test_a_retired_question_is_asked_no_more(world: World) -> None:
    Question.objects.of(world.program).filter(key="partnerscore").update(retired_at=MONDAY)
    sent = chosen(world, world.pulse())
    assert {each.questions[0].key for each in sent.values()} == {"recommend"}


def test_whom_no_question_suits_is_left_with_a_reason(world: World) -> None:
    rated = Question.objects.of(world.program).filter(kind="rated")
    rated.update(roles=["sales"])
    pulse = world.pulse()
    people = reach(pulse, at=MONDAY).askable
    choice = choose(pulse, people, at=MONDAY)
    assert {each.person.role for each in choice.chosen} == {"sales"}
    assert {str(left.reason.key) for left in choice.left} == {"no_question_suits"}
    assert len(choice.chosen) + len(choice.left) == len(people)


def test_dimensions_are_asked_evenly_over_a_program(world: World) -> None:
    for number in range(40):
        company(world, f"Company{number} Ltd", {"region": "EMEA"})
        for place in range(1 + number % 5):
            person(world, f"P{number}x{place} Test", at=f"Company{number} Ltd", role="sales")
    sent = chosen(world, world.pulse())
    load = Counter(key for each in sent.values() for key in each.dimensions)
    mean = sum(load.values()) / len(DIMENSIONS)
    assert max(abs(load[key] - mean) / mean for key in DIMENSIONS) <= 0.12
