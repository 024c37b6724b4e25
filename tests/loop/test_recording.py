"""Talks that are written down: named, in the budget as no ask, told to each person."""

import re
from datetime import timedelta

import pytest

from partnerloop.core.bands import band
from partnerloop.core.models import Event, Message
from partnerloop.evidence.models import NamedAnswer
from partnerloop.loop.asking import NoModeOffered, launch
from partnerloop.loop.occasions import Listening, happened, listen
from partnerloop.loop.recording import (
    NobodyPresent,
    Questions,
    Statement,
    WrittenDownLately,
    questions_for,
    record,
)
from partnerloop.loop.worker import react
from partnerloop.partners.models import Affiliation
from partnerloop.partners.reporting import Known, Occurred
from partnerloop.planning.answering import usual_share
from partnerloop.planning.budget import asks_of, reach
from partnerloop.planning.models import WaitingAsk
from partnerloop.planning.reasons import NotAsked
from partnerloop.pulses.asked import asked_questions
from partnerloop.pulses.models import Invitation, Pulse
from partnerloop.release.gate import Figure, Hidden
from partnerloop.release.groups import group_beside_all
from partnerloop.release.models import ReleasedComment
from tests.world import MONDAY, World, person


def asked_of(world: World, *names: str, way: str = Pulse.Way.CHECK_IN) -> list[Questions]:
    people = [world.people[name] for name in names]
    places = list(Affiliation.objects.of(world.program).filter(contact__in=people))
    return questions_for(places, way=way, by=world.priya, at=MONDAY)


def write(world: World, *names: str, value: int = 4, words: str = "", at=MONDAY, **way) -> Pulse:
    said = [
        Statement(one.place, one.wordings, dict.fromkeys(one.wordings, value), words)
        for one in asked_of(world, *names, **way)
    ]
    kind = way.get("way", Pulse.Way.CHECK_IN)
    return record("Check-in", said, way=kind, by=world.priya, at=at)


def test_each_person_is_asked_an_overall_question_and_two_dimensions(world: World) -> None:
    both = asked_of(world, "Ana Keller", "Ben Okafor")
    keys = [asked_questions(world.program.pk, one.wordings) for one in both]
    assert [[q.is_overall for q in asked] for asked in keys] == [[True, False, False]] * 2
    assert asked_of(world, "Ana Keller", "Ben Okafor") == both  # the same when the page is sent


def test_answers_are_named_and_count_at_once(world: World) -> None:
    pulse = write(world, "Ana Keller", "Ben Okafor", value=3)
    rows = NamedAnswer.objects.of(world.program)
    assert rows.count() == 6
    assert {row.contact for row in rows} == {
        world.people["Ana Keller"],
        world.people["Ben Okafor"],
    }
    assert (pulse.way, pulse.modes) == ("check_in", ["named"])


def test_words_become_feedback_under_the_name(world: World) -> None:
    write(world, "Ana Keller", words="The portal is slow.")
    for event in Event.objects.filter(finished_at__isnull=True):
        react(event, at=MONDAY)
    comment = ReleasedComment.objects.of(world.program).get()
    assert (comment.text, comment.contact) == ("The portal is slow.", world.people["Ana Keller"])


def test_each_person_gets_a_mail_to_look_at_it_and_no_ask(world: World) -> None:
    write(world, "Ana Keller", "Ben Okafor")
    mails = list(Message.objects.order_by("to"))
    assert [mail.to for mail in mails] == ["ana@alder.example", "ben@alder.example"]
    assert all(re.search(r"/a/[\w-]+/now\b", mail.text) for mail in mails)
    assert {mail.purpose for mail in mails} == {"receipt"}
    assert "Priya Raman" in mails[0].subject
    assert "/a/" in mails[0].text


def test_it_is_no_ask_but_puts_the_next_one_off(world: World) -> None:
    write(world, "Ana Keller")
    ana = world.people["Ana Keller"]
    asks = asks_of(world.program, at=MONDAY + timedelta(hours=1))[ana.pk]
    assert (len(asks.of_the_year), asks.last) == (0, MONDAY)
    found = reach(world.pulse("Next"), at=MONDAY + timedelta(days=13))
    assert {left.name: left.reason.key for left in found.left} == {"Ana Keller": NotAsked.TOO_SOON}
    assert not reach(world.pulse("Later"), at=MONDAY + timedelta(days=14)).left


def test_it_moves_no_response_rate(world: World) -> None:
    for number in range(60):
        person(world, f"P{number} Other", at="Birk", role="sales")
    launch(world.pulse(), by=world.priya, at=MONDAY - timedelta(days=60))
    later = MONDAY + timedelta(days=60)
    silent = usual_share(world.program, at=later)
    assert (silent.value, silent.is_assumed) == (0.0, False)
    write(world, "Ana Keller", "Ben Okafor", "Eva Lind")
    assert usual_share(world.program, at=later) == silent


def test_what_waited_for_them_is_asked_in_the_talk(world: World) -> None:
    listen(Listening("Onboarded", "onboarded", 0, ["event_onboard"]), by=world.priya, at=MONDAY)
    birk = Known(number=world.partners["Birk"].pk)
    happened(world.program, Occurred("onboarded", birk, MONDAY, "eva@birk.example"), at=MONDAY)
    pulse = write(world, "Eva Lind")
    waiting = WaitingAsk.objects.of(world.program).get()
    assert (waiting.state, waiting.invitation.pulse) == ("asked", pulse)


def test_the_same_person_is_not_written_down_twice_in_a_week(world: World) -> None:
    write(world, "Ana Keller", "Ben Okafor")
    with pytest.raises(WrittenDownLately):
        write(world, "Ben Okafor", at=MONDAY + timedelta(days=6))
    assert Invitation.objects.of(world.program).count() == 2
    write(world, "Ben Okafor", at=MONDAY + timedelta(days=7))


def test_a_talk_without_words_or_names_is_refused(world: World) -> None:
    empty = [Statement(one.place, one.wordings, {}) for one in asked_of(world, "Ana Keller")]
    with pytest.raises(NobodyPresent):
        record("Empty", empty, way=Pulse.Way.CHECK_IN, by=world.priya, at=MONDAY)
    world.program.modes_offered = ["confidential"]
    world.priya.program.modes_offered = ["confidential"]
    with pytest.raises(NoModeOffered):
        write(world, "Ana Keller")
    assert not Pulse.objects.of(world.program).exists()


def test_a_group_is_shown_beside_all_from_five_people_of_three_companies_on(world: World) -> None:
    four = ("Ana Keller", "Ben Okafor", "Eva Lind", "Gita Rao")
    few = write(world, *four, value=2, way=Pulse.Way.SESSION)
    cells = [row.group for row in group_beside_all(few, by=world.priya, at=MONDAY)]
    assert cells
    assert all(isinstance(cell, Hidden) for cell in cells)
    later = MONDAY + timedelta(days=8)
    enough = write(world, *four, "Finn Berg", value=2, way=Pulse.Way.SESSION, at=later)
    overall = group_beside_all(enough, by=world.priya, at=later)[0]
    assert isinstance(overall.group, Figure)
    assert (overall.group.mean, overall.group.people) == (2.0, band(5))
