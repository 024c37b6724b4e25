"""A pulse before it is sent, and what it may not give away."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerloop.core.clock import week_of
from partnerloop.partners.stopping import stop_asking
from partnerloop.planning.addressing import to_the_person
from partnerloop.planning.answering import usual_share
from partnerloop.planning.preview import Count, plan, preview, why_not
from partnerloop.pulses.models import Invitation
from partnerloop.responses.participation import Participation
from tests.world import MONDAY, World, company, person

ONE = ("partnerscore",)


def answer(invitation: Invitation) -> None:
    week = week_of(invitation.asked_at.date())
    Participation.objects.create(program_id=invitation.program_id, invitation=invitation, week=week)


def test_it_counts_people_by_role_segment_and_dimension(world: World) -> None:
    seen = preview(world.pulse(), at=MONDAY)
    assert (seen.people, seen.partners, seen.not_asked) == (7, 3, 0)
    assert Count("sales", 3) in seen.by_role
    assert seen.by_segment["region"] == [Count("EMEA", 6), Count("NA", 1)]
    assert sum(each.people for each in seen.by_dimension) == 14
    assert all(each.label for each in seen.by_dimension)


def test_it_shows_some_people_with_their_questions_in_words(world: World) -> None:
    seen = preview(world.pulse(), at=MONDAY)
    ana = next(row for row in seen.sample if row.name == "Ana Keller")
    assert (ana.partner, ana.role) == ("Alder & Finch", "technical")
    assert len(ana.questions) == 5  # three ratings, and a line for a low or a high score
    assert "Northwind Robotics" in ana.questions[0]
    assert ana.reason == ("Ana Keller has never been asked before, and belongs to this audience.")


def test_it_says_who_is_not_asked_and_why_in_one_sentence(world: World) -> None:
    stop_asking(world.people["Ana Keller"], at=MONDAY)
    earlier = MONDAY - timedelta(days=6)
    for name in ("Ben Okafor", "Eva Lind"):
        world.ask(name, pulse=world.pulse(name), at=earlier, keys=ONE)
    seen = preview(world.pulse(), at=MONDAY)
    assert [(left.heading, left.people) for left in seen.left_out] == [
        ("are not due yet", 2),
        ("asked us to stop asking", 1),
    ]
    assert seen.left_out[0].example.startswith("Ben Okafor is not due yet;")
    assert seen.people + seen.not_asked == 7


def test_what_is_previewed_is_what_is_chosen_again(world: World) -> None:
    pulse = world.pulse()
    first, second = (plan(pulse, at=MONDAY) for _ in range(2))
    assert first == second


def test_who_would_be_asked_has_no_reason_against(world: World) -> None:
    assert why_not(world.people["Ana Keller"], pulse=world.pulse(), at=MONDAY) is None


def test_a_large_preview_needs_no_more_queries_than_a_small_one(world: World) -> None:
    pulse = world.pulse(people_to_ask=3)
    with CaptureQueriesContext(connection) as small:
        preview(pulse, at=MONDAY)
    for number in range(20):
        company(world, f"More{number} Ltd", {"region": "EMEA", "tier": f"tier {number}"})
        person(world, f"P{number} Test", at=f"More{number} Ltd", role="sales")
    with CaptureQueriesContext(connection) as large:
        preview(pulse, at=MONDAY)
    assert len(large) <= len(small) <= 51


def test_nothing_planned_depends_on_who_answered(world: World) -> None:
    earlier = world.pulse("Earlier")
    asks = [
        world.ask(name, pulse=earlier, at=MONDAY - timedelta(days=40), keys=ONE)
        for name in world.people
    ]
    pulse = world.pulse()
    before = preview(pulse, at=MONDAY)
    answer(asks[0])
    assert preview(pulse, at=MONDAY) == before
    for ask in asks[1:]:
        answer(ask)
    assert preview(pulse, at=MONDAY) == before


def test_expected_answers_are_an_assumption_at_first(world: World) -> None:
    seen = preview(world.pulse(), at=MONDAY)
    assert seen.share.is_assumed
    assert seen.expected_answers == 2  # 30 % of 7


def test_expected_answers_follow_the_program_in_coarse_steps(world: World) -> None:
    asks = [
        world.ask(name, pulse=world.pulse(f"{name} {n}"), at=MONDAY - timedelta(30 + n), keys=ONE)
        for n in range(8)
        for name in world.people
    ]
    for ask in asks[:23]:
        answer(ask)
    share = usual_share(world.program, at=MONDAY)
    assert not share.is_assumed
    assert share.value == 0.4  # 23 of 56 are 41 %
    answer(asks[23])
    assert usual_share(world.program, at=MONDAY).value == 0.45
    answer(asks[24])
    assert usual_share(world.program, at=MONDAY).value == 0.45


def test_the_person_asked_reads_why(world: World) -> None:
    told = to_the_person(role="sales", partner="Birk", last=None)
    assert told == "You work on sales at Birk, and have not been asked before."
    told = to_the_person(role="technical", partner="Birk", last=MONDAY.date())
    assert told.endswith("at Birk, and were last asked on 23 November 2026.")
