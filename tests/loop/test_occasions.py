"""Asking after events: on their day, within the budget, merged or closed with a reason."""

from datetime import timedelta

import pytest

from partnerloop.core.models import Event
from partnerloop.loop.asking import NoModeOffered, launch
from partnerloop.loop.occasions import Listening, ask_waiting, happened, listen, stop_listening
from partnerloop.partners.merging import merge_contacts
from partnerloop.partners.models import Affiliation, LifecycleEvent
from partnerloop.partners.reporting import Known, NobodyThere, NoSuchPartner, Occurred
from partnerloop.partners.stopping import stop_asking
from partnerloop.planning.models import WaitingAsk
from partnerloop.planning.reasons import NotAsked
from partnerloop.pulses.asked import asked_questions
from partnerloop.pulses.models import Invitation, Pulse
from tests.world import MONDAY, World, make_world, person

WEEK = timedelta(days=7)
ANA = "ana@alder.example"


@pytest.fixture
def pulse(world: World) -> Pulse:
    return listening(world)


def listening(world: World, **changes) -> Pulse:
    told = {"name": "Onboarded", "on_event": "onboarded", "after_days": 7, **changes}
    questions = told.pop("questions", ["event_onboard"])
    return listen(Listening(questions=questions, **told), by=world.priya, at=MONDAY)


def report(world: World, *, at=MONDAY, email: str = ANA, kind: str = "onboarded"):
    partner = Known(number=world.partners["Alder & Finch"].pk)
    return happened(world.program, Occurred(kind, partner, at, email), at=at)


def asks(world: World) -> list[Invitation]:
    return list(Invitation.objects.of(world.program).order_by("asked_at"))


def keys(invitation: Invitation) -> list[str]:
    return [q.key for q in asked_questions(invitation.program_id, invitation.asked)]


def test_it_asks_after_so_many_days_and_once(world: World, pulse: Pulse) -> None:
    assert report(world).asks == 1
    assert report(world).asks == 1  # sent again: the same event, the same ask
    for hours in (0, 167, 168, 169, 400):
        ask_waiting(world.program, MONDAY + timedelta(hours=hours))
    [asked] = asks(world)
    assert asked.asked_at.date() == (MONDAY + WEEK).date()
    assert asked.contact == world.people["Ana Keller"]
    assert (asked.reason, asked.propensity) == ("after_event", 1.0)
    assert keys(asked)[1] == "event_onboard"  # after the overall question
    waiting = WaitingAsk.objects.of(world.program).get()
    assert (waiting.state, waiting.invitation) == ("asked", asked)
    assert Event.objects.filter(kind="pulse.launched").count() == 1


def test_its_answers_are_by_name(world: World, pulse: Pulse) -> None:
    report(world)
    ask_waiting(world.program, MONDAY + WEEK)
    [asked] = asks(world)
    assert asked.pulse.modes == ["named"]
    assert asked.expires_at == asked.asked_at + timedelta(days=28)


def test_a_program_without_names_cannot_ask_after_events(world: World) -> None:
    world.program.modes_offered = ["confidential"]
    world.program.save()
    world.priya.refresh_from_db()
    with pytest.raises(NoModeOffered):
        listening(world)


def test_a_second_event_asks_again_when_the_budget_allows(world: World, pulse: Pulse) -> None:
    report(world)
    report(world, at=MONDAY + timedelta(days=1))
    for day in range(30):
        ask_waiting(world.program, MONDAY + timedelta(days=day))
    first, second = asks(world)
    assert second.asked_at - first.asked_at == timedelta(days=14)
    assert (first.round, second.round) == (1, 2)


def test_what_waits_goes_along_with_the_next_pulse_as_one_ask(world: World, pulse: Pulse) -> None:
    launch(world.pulse("Before"), by=world.priya, at=MONDAY)
    report(world)
    ask_waiting(world.program, MONDAY + WEEK)
    waiting = WaitingAsk.objects.of(world.program).get()
    assert (waiting.state, waiting.reason) == ("waiting", NotAsked.TOO_SOON)
    regular = world.pulse("Regular", modes=["named", "confidential", "anonymous"])
    launch(regular, by=world.priya, at=MONDAY + timedelta(days=14))
    waiting.refresh_from_db()
    assert waiting.invitation.pulse == regular
    assert waiting.invitation.contact == world.people["Ana Keller"]
    assert "event_onboard" in keys(waiting.invitation)
    ask_waiting(world.program, MONDAY + timedelta(days=60))
    assert Invitation.objects.of(world.program).filter(contact=waiting.contact).count() == 2


def test_what_one_person_is_asked_is_never_taken_into_an_anonymous_pulse(
    world: World, pulse: Pulse
) -> None:
    for name in range(8):  # enough people for a group
        place = ("Alder & Finch", "Birk", "Cedar")[name % 3]
        person(world, f"Person{name} Other", at=place, role="sales")
    report(world)
    day = MONDAY + WEEK
    both = world.pulse("Both", modes=["named", "anonymous"])
    launch(both, by=world.priya, at=day)
    ana = Invitation.objects.of(world.program).get(contact=world.people["Ana Keller"])
    assert "event_onboard" in keys(ana)
    assert ana.cell == ""
    assert Invitation.objects.of(world.program).exclude(cell="").exists()


def test_a_pulse_that_is_anonymous_for_all_takes_nothing_along(world: World, pulse: Pulse) -> None:
    for name in range(8):
        place = ("Alder & Finch", "Birk", "Cedar")[name % 3]
        person(world, f"Person{name} Other", at=place, role="sales")
    report(world)
    launch(world.pulse("All", modes=["anonymous"]), by=world.priya, at=MONDAY + WEEK)
    ana = Invitation.objects.of(world.program).get(contact=world.people["Ana Keller"])
    assert "event_onboard" not in keys(ana)
    assert WaitingAsk.objects.of(world.program).get().state == "waiting"


def test_what_waited_sixty_days_is_closed_with_its_reason(world: World, pulse: Pulse) -> None:
    world.program.asks_every_days = 200
    world.program.save()
    launch(world.pulse("Before"), by=world.priya, at=MONDAY)
    report(world)
    for day in (7, 67, 68):
        ask_waiting(world.program, MONDAY + timedelta(days=day))
        state = WaitingAsk.objects.of(world.program).get().state
        assert state == ("overtaken" if day == 68 else "waiting")
    closed = WaitingAsk.objects.of(world.program).get()
    assert (closed.reason, closed.closed_on) == (
        NotAsked.TOO_SOON,
        (MONDAY + timedelta(days=68)).date(),
    )


@pytest.mark.parametrize("why", ["stopped", "works_for_no_partner"])
def test_what_can_never_be_asked_is_closed_at_once(world: World, pulse: Pulse, why: str) -> None:
    report(world)
    ana = world.people["Ana Keller"]
    if why == "stopped":
        stop_asking(ana, at=MONDAY)
    else:
        Affiliation.objects.of(world.program).filter(contact=ana).update(until=MONDAY.date())
    ask_waiting(world.program, MONDAY + WEEK)
    closed = WaitingAsk.objects.of(world.program).get()
    assert (closed.state, closed.reason) == ("dropped", why)
    assert asks(world) == []


def test_where_the_event_names_nobody_chance_picks_and_the_chance_is_kept(world: World) -> None:
    listening(world, people=2)
    report(world, email="")
    ask_waiting(world.program, MONDAY + WEEK)
    made = asks(world)
    assert {one.partner for one in made} == {world.partners["Alder & Finch"]}
    assert [one.propensity for one in made] == [0.5, 0.5]


def test_an_event_nobody_listens_to_is_kept_and_asks_nobody(world: World, pulse: Pulse) -> None:
    assert report(world, kind="demo_given").asks == 0
    assert LifecycleEvent.objects.of(world.program).get().label == "Demo given"


def test_what_was_stopped_hears_nothing_more_and_asks_what_waits(world: World, pulse) -> None:
    report(world)
    stop_listening(pulse, by=world.priya, at=MONDAY + timedelta(seconds=1))
    report(world, at=MONDAY + timedelta(hours=1), email="ben@alder.example")
    ask_waiting(world.program, MONDAY + WEEK + timedelta(days=1))
    assert [one.contact.name for one in asks(world)] == ["Ana Keller"]


def test_it_knows_only_partners_and_people_of_the_program(world: World, pulse: Pulse) -> None:
    other = make_world("contoso")
    with pytest.raises(NoSuchPartner):
        happened(
            world.program,
            Occurred("onboarded", Known(number=other.partners["Birk"].pk), MONDAY),
            at=MONDAY,
        )
    with pytest.raises(NobodyThere):
        report(world, email="eva@birk.example")


def test_a_pulse_after_an_event_is_not_the_first_pulse_of_a_program(world, pulse) -> None:
    """Whom a program entered before its first pulse is seasoned at once; listening asks nobody."""
    assert not Pulse.objects.of(world.program).launched().exists()


def test_an_event_follows_its_person_into_a_merge(world: World, pulse: Pulse) -> None:
    report(world)
    ana, ben = world.people["Ana Keller"], world.people["Ben Okafor"]
    merge_contacts(ana, into=ben, by=world.priya, at=MONDAY)
    assert LifecycleEvent.objects.of(world.program).get().contact == ben
