"""Whom a pulse draws: chances that are true, stored, and the same in the preview and the launch."""

from collections import Counter
from datetime import timedelta
from math import sqrt

import pytest
from django.db import IntegrityError, transaction

from partnerloop.loop.asking import PlanChanged, launch, preview
from partnerloop.partners.stopping import stop_asking
from partnerloop.planning.preview import plan, why_not
from partnerloop.planning.reasons import NotAsked
from partnerloop.pulses.drafting import Draft, draft
from partnerloop.pulses.models import Invitation
from tests.world import MONDAY, World, company, make_world, person

ONE = ("partnerscore",)
EXPLAINED = (
    "Ana Keller could be asked and was not drawn this time; each pulse draws anew by chance."
)


def drawn(world: World, *, seed: int, people: int = 3) -> dict[str, float]:
    pulse = world.pulse(f"Seed {seed}", people_to_ask=people, seed=seed)
    return {one.person.name: one.propensity for one in plan(pulse, at=MONDAY).chosen}


def test_people_are_drawn_as_often_as_their_stored_chance_says(world: World) -> None:
    world.pulse("First", launched_at=MONDAY - timedelta(days=54), closes_at=MONDAY)
    for name in ("Ana Keller", "Eva Lind"):  # not Cedar, which has waited too long now
        world.ask(name, pulse=world.pulse(name), at=MONDAY - timedelta(days=20), keys=ONE)
    draws, seen, chance = 200, Counter[str](), dict[str, float]()
    for seed in range(draws):
        one = drawn(world, seed=seed)
        assert len(one) == 3
        seen.update(one.keys())
        for name, stored in one.items():
            assert chance.setdefault(name, stored) == stored  # it hangs on facts, not on luck
    assert set(chance) == set(world.people)
    assert sum(chance.values()) == pytest.approx(3)
    assert chance["Gita Rao"] > 2 * chance["Ana Keller"]
    for name, stored in chance.items():
        error = sqrt(stored * (1 - stored) / draws)
        assert abs(seen[name] / draws - stored) < 3.5 * error + 1e-9, name


def test_a_launch_asks_exactly_whom_the_preview_names_and_keeps_their_chance(world: World) -> None:
    pulse = world.pulse(people_to_ask=4)
    seen = preview(pulse, at=MONDAY)
    assert (seen.people, seen.could_be_asked, seen.not_asked) == (4, 7, 3)
    later = MONDAY + timedelta(hours=9)
    launch(pulse, by=world.priya, at=later, previewed=seen.fingerprint)
    asks = Invitation.objects.of(world.program).select_related("contact")
    assert sorted(ask.contact.name for ask in asks) == sorted(one.name for one in seen.drawn)
    assert {ask.reason for ask in asks} == {"drawn"}
    assert all(ask.propensity is not None and 0 < ask.propensity < 1 for ask in asks)


def test_a_launch_is_refused_when_it_would_ask_others_than_the_preview_named(world: World) -> None:
    pulse = world.pulse(people_to_ask=4)
    seen = preview(pulse, at=MONDAY)
    gone = next(one.name for one in seen.drawn)
    stop_asking(world.people[gone], at=MONDAY)
    with pytest.raises(PlanChanged):
        launch(pulse, by=world.priya, at=MONDAY, previewed=seen.fingerprint)
    pulse.refresh_from_db()
    assert pulse.launched_at is None
    assert not Invitation.objects.of(world.program).exists()


@pytest.mark.parametrize("people", [None, 7, 50])
def test_with_room_for_everybody_nobody_is_left_to_chance(world: World, people) -> None:
    pulse = world.pulse(people_to_ask=people)
    planned = plan(pulse, at=MONDAY)
    assert {one.propensity for one in planned.chosen} == {1.0}
    assert {str(one.reason.key) for one in planned.chosen} == {"first_ask"}
    assert preview(pulse, at=MONDAY).drawn == []


def test_who_was_not_drawn_is_told_so_before_and_after(world: World) -> None:
    seed = next(seed for seed in range(50) if "Ana Keller" not in drawn(world, seed=seed))
    pulse = world.pulse("Without Ana", people_to_ask=3, seed=seed)
    left = {one.name: one.reason.key for one in plan(pulse, at=MONDAY).left}
    assert left["Ana Keller"] is NotAsked.NOT_DRAWN
    assert len(left) == 4
    ana = world.people["Ana Keller"]
    assert why_not(ana, pulse=pulse, at=MONDAY) == EXPLAINED
    launch(pulse, by=world.priya, at=MONDAY)
    assert why_not(ana, pulse=pulse, at=MONDAY + timedelta(days=1)) == EXPLAINED


def test_who_was_drawn_has_no_reason_against(world: World) -> None:
    pulse = world.pulse(people_to_ask=3)
    [first, *_] = plan(pulse, at=MONDAY).chosen
    contact = world.people[first.person.name]
    assert why_not(contact, pulse=pulse, at=MONDAY) is None


def test_a_partner_that_waited_too_long_is_asked_for_certain(world: World) -> None:
    world.pulse("First", launched_at=MONDAY - timedelta(days=54), closes_at=MONDAY)
    for name in ("Ana Keller", "Ben Okafor", "Gita Rao"):  # not Birk
        world.ask(name, pulse=world.pulse(name), at=MONDAY - timedelta(days=20), keys=ONE)
    for seed in range(30):
        pulse = world.pulse(f"Seed {seed}", people_to_ask=3, seed=seed)
        reasons = {one.person.name: one.reason for one in plan(pulse, at=MONDAY).chosen}
        asked = {name for name in reasons if name in ("Eva Lind", "Finn Berg")}
        assert len(asked) >= 1
        assert {str(reasons[name].key) for name in asked} == {"partner_waited"}
        assert {reasons[name].number for name in asked} == {54}


def test_in_a_program_that_asks_for_the_first_time_nobody_has_waited(world: World) -> None:
    chances = [one.propensity for one in plan(world.pulse(people_to_ask=3), at=MONDAY).chosen]
    reasons = [one.reason.key for one in plan(world.pulse(people_to_ask=3), at=MONDAY).chosen]
    assert {str(key) for key in reasons} == {"drawn"}
    assert max(chances) < 1


def test_another_program_draws_for_itself(world: World) -> None:
    before = drawn(world, seed=5)
    other = make_world("southwind")
    for number in range(5):
        company(other, f"More{number} Ltd", {"type": "reseller"})
        person(other, f"P{number} Test", at=f"More{number} Ltd", role="sales")
    assert drawn(world, seed=5) == before


def test_drafting_again_does_not_draw_again_until_one_was_sent(world: World) -> None:
    wanted = Draft("Autumn", {}, ["named"], asks_open_question=True, people_to_ask=3)
    one, two = (draft(wanted, by=world.priya, at=MONDAY) for _ in range(2))
    assert one.seed == two.seed
    assert preview(one, at=MONDAY).fingerprint == preview(two, at=MONDAY).fingerprint
    for each in (one, two):
        each.launched_at, each.closes_at = MONDAY, MONDAY + timedelta(days=28)
        each.save()
    assert draft(wanted, by=world.priya, at=MONDAY).seed != one.seed


def test_a_pulse_for_nobody_cannot_be_stored(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        world.pulse(people_to_ask=0)
