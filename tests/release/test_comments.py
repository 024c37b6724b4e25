"""Comments: named ones at once, others scrubbed, held, shuffled and without a company."""

import random
from datetime import date, timedelta

import pytest

from partnerloop.core import outbox
from partnerloop.core.models import Event
from partnerloop.loop.worker import react
from partnerloop.programs.models import Mode
from partnerloop.release.comments import comments, known_names, let_go, working_days_after
from partnerloop.release.gate import Scope
from partnerloop.release.models import HeldComment, ReleasedComment
from partnerloop.release.scrubbing import scrubbed
from partnerloop.release.unnamed import companies_that_speak
from tests.world import MONDAY, World

HOUR = timedelta(hours=1)


def drain(world: World, at=MONDAY + HOUR) -> None:
    for event in outbox.lease(Event, worker="test", at=at, limit=100):
        react(event, at=at)


def shown(world: World, at=MONDAY + 30 * 24 * HOUR):
    return comments(world.program, by=world.priya, scope=Scope.program(), at=at)


def test_a_named_comment_is_shown_at_once_with_its_writer(world, speak):
    speak("Ana Keller", 8, words="Prices arrive late.")
    drain(world)
    (said,) = shown(world)
    assert said.text == "Prices arrive late."
    assert said.named
    assert said.source == "Ana Keller, technical, Alder & Finch"


def test_an_unnamed_comment_waits_and_carries_no_company(world, speak):
    speak("Ben Okafor", 8, mode=Mode.CONFIDENTIAL, words="Ask Priya Raman at Birk about it.")
    drain(world)
    assert shown(world) == []
    assert let_go(world.program, at=MONDAY + HOUR, rng=random.Random(1)) == []
    let_go(world.program, at=MONDAY + 4 * 24 * HOUR, rng=random.Random(1))
    (said,) = shown(world)
    assert said.text == "Ask […] at […] about it."
    assert (said.partner_id, said.named) == (None, False)
    assert said.source == "one of your partners"
    assert said.week == MONDAY.date()
    assert not HeldComment.objects.of(world.program).exists()


def test_three_held_comments_are_released_together(world, speak):
    for name in ("Ben Okafor", "Claire Dubois", "Eva Lind"):
        speak(name, 8, mode=Mode.CONFIDENTIAL, words=f"Words of a {len(name)}")
    drain(world)
    released = let_go(world.program, at=MONDAY + 2 * HOUR, rng=random.Random(1))
    assert len(released) == 3
    assert len({row.released_at for row in ReleasedComment.objects.of(world.program)}) == 1


def test_replaying_an_event_releases_and_opens_nothing_twice(world, speak):
    speak("Ana Keller", 8, words="Prices arrive late.")
    event = Event.objects.get()
    react(event, at=MONDAY + HOUR)
    react(event, at=MONDAY + 2 * HOUR)
    assert ReleasedComment.objects.of(world.program).count() == 1


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Mail me at a.b@firm.co.uk please", "Mail me at […] please"),
        ("Call +49 30 1234567 today", "Call […] today"),
        ("Deal DR-20491 was lost", "Deal […] was lost"),
        ("See https://firm.example/x?id=3", "See […]"),
        ("BIRK and birk, not Birkenstock", "[…] and […], not Birkenstock"),
        ("We lost 3 deals in 2 weeks", "We lost 3 deals in 2 weeks"),
    ],
)
def test_it_takes_out_what_points_at_somebody(raw, clean):
    assert scrubbed(raw, names=["Birk"]) == clean


def test_holding_counts_working_days():
    assert working_days_after(date(2026, 11, 20), 3) == date(2026, 11, 25)


def test_a_partner_does_not_read_named_words_of_its_people(world, speak):
    speak("Ana Keller", 8, words="Prices arrive late.")
    drain(world)
    alder = world.partners["Alder & Finch"]
    at = MONDAY + 24 * HOUR
    assert comments(world.program, by=alder, scope=Scope.partner(alder), at=at) == []
    world.people["Ana Keller"].delete()
    assert comments(world.program, by=alder, scope=Scope.partner(alder), at=at) == []


def test_a_name_that_is_an_ordinary_word_goes_only_with_a_capital():
    assert scrubbed("Ask Will, who will help", names=["Will"]) == "Ask […], who will help"


def test_the_names_of_the_programs_contacts_are_known(world):
    assert {"Ana Keller", "Keller", "Priya", "Birk"} <= known_names(world.program)


def test_three_people_who_commented_in_several_rounds_speak_for_their_company(world, speak):
    names = ("Ana Keller", "Ben Okafor", "Claire Dubois")
    for number, name in enumerate(names):
        at = MONDAY + timedelta(days=20 * number)
        speak(name, 4, 5, 6, mode=Mode.CONFIDENTIAL, at=at, words=f"Words {number}.")
        speak("Gita Rao", 4, 5, 6, mode=Mode.CONFIDENTIAL, at=at, words=f"Cedar {number}.")
    late = (MONDAY + timedelta(days=41)).date()
    alder, cedar = world.partners["Alder & Finch"].pk, world.partners["Cedar"].pk
    assert companies_that_speak(world.program, on=late) == {alder}, (
        "one person is one, however often"
    )
    assert cedar not in companies_that_speak(world.program, on=late)
    later = late + timedelta(days=150)
    assert companies_that_speak(world.program, on=later) == set(), "half a year only"
