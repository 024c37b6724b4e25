"""The page of pulses after events: begin to listen, see what waits, stop."""

import pytest

from partnerloop.accounts.models import Role
from partnerloop.loop.occasions import happened
from partnerloop.partners.reporting import Known, Occurred
from partnerloop.pulses.models import Pulse
from tests.web.conftest import NOW

WANTED = {
    "on_event": "deal_won",
    "after_days": "5",
    "people_to_ask": "1",
    "questions": ["event_sell"],
}


def listeners(pages) -> list[Pulse]:
    return list(Pulse.objects.of(pages.world.program).filter(way="event"))


def test_it_begins_to_listen_and_shows_what_waits(pages, chief) -> None:
    answer = chief.post(pages.url("pulses/events/"), WANTED)
    assert answer.status_code == 302
    [pulse] = listeners(pages)
    assert (pulse.name, pulse.after_days) == ("Deal won, 5 days later", 5)
    world = pages.world
    birk = Known(number=world.partners["Birk"].pk)
    happened(world.program, Occurred("deal_won", birk, NOW, "eva@birk.example"), at=NOW)
    shown = chief.get(pages.url("pulses/events/")).text
    assert "Eva Lind" in shown
    assert "28 November 2026" in shown
    assert "Waiting" in shown


def test_a_program_may_name_an_event_of_its_own(pages, chief) -> None:
    own = {**WANTED, "on_event": "own", "own_event": "demo_given", "after_days": "0"}
    chief.post(pages.url("pulses/events/"), own)
    [pulse] = listeners(pages)
    assert (pulse.on_event, pulse.name) == ("demo_given", "Demo given, at once")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"questions": []}, "Choose one or two questions."),
        ({"questions": ["event_sell", "event_onboard", "event_enable"]}, "Choose two at most"),
        ({"on_event": "own", "own_event": "Demo given"}, "Write its name as your systems send it"),
        ({"after_days": "-1"}, "Nobody can be asked before it happened"),
        ({"after_days": "400"}, "nobody remembers"),
        ({"people_to_ask": "9"}, "Five people of one company are enough"),
    ],
)
def test_what_does_not_fit_is_told(pages, chief, wrong, says) -> None:
    answer = chief.post(pages.url("pulses/events/"), {**WANTED, **wrong})
    assert answer.status_code == 400
    assert says in answer.text
    assert listeners(pages) == []


def test_a_program_without_answers_by_name_is_told_so(pages, chief) -> None:
    pages.world.program.modes_offered = ["confidential"]
    pages.world.program.save()
    answer = chief.post(pages.url("pulses/events/"), WANTED)
    assert (answer.status_code, "no answers by name" in answer.text) == (400, True)


def test_it_stops(pages, chief) -> None:
    chief.post(pages.url("pulses/events/"), WANTED)
    Pulse.objects.of(pages.world.program).update(launched_at=pages.world.program.created_at)
    [pulse] = listeners(pages)
    assert chief.post(pages.url(f"pulses/events/{pulse.pk}/stop/")).status_code == 302
    assert "stopped" in chief.get(pages.url("pulses/events/")).text
    mailed = pages.world.pulse("By mail")
    assert chief.post(pages.url(f"pulses/events/{mailed.pk}/stop/")).status_code == 404


def test_only_those_who_run_the_program_open_it(pages) -> None:
    manager = pages.as_member(pages.member("Mara", Role.MANAGER))
    assert manager.get(pages.url("pulses/events/")).status_code == 403


def test_the_list_of_pulses_leads_there_and_keeps_to_its_own(pages, chief) -> None:
    chief.post(pages.url("pulses/events/"), WANTED)
    shown = chief.get(pages.url("pulses/")).text
    assert pages.url("pulses/events/") in shown
    assert "Deal won" not in shown
