"""What respondents are told: the same promises in every language, true for a person's company."""

from datetime import timedelta

import pytest

from partnerloop.evidence.offering import offer, public_promise
from partnerloop.evidence.promises import (
    Promises,
    PromisesBroken,
    _compare,
    languages,
    promises_in,
    read,
)
from partnerloop.programs.models import Mode
from tests.world import MONDAY, make_world

KEYS = ("partnerscore",)
MODES = ["named", "confidential", "anonymous"]


def test_every_language_makes_the_same_promises():
    assert languages() == ("de", "en", "es", "fr")
    for language in languages():
        assert read(language).language == language


def test_a_language_that_leaves_a_sentence_or_a_figure_out_is_refused():
    whole = read("en")
    short = Promises("xx", whole.labels, {}, whole.asking, whole.page)
    with pytest.raises(PromisesBroken, match="modes"):
        _compare(short, whole)
    vague = {**whole.modes, "confidential": "Counts with others."}
    with pytest.raises(PromisesBroken, match="confidential"):
        _compare(Promises("xx", whole.labels, vague, whole.asking, whole.page), whole)


def test_the_language_is_the_contacts_then_the_partners_then_the_programs_then_english():
    assert promises_in(("nl", "fr", "en")).language == "fr"
    assert promises_in(("nl",)).language == "en"


def link(world, name, modes=MODES, cell="all", language="en"):
    end = MONDAY + timedelta(days=28)
    pulse = world.pulse(modes=modes, launched_at=MONDAY, closes_at=end)
    made = world.ask(name, pulse=pulse, at=MONDAY, keys=KEYS, language=language)
    made.cell = cell
    return made


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_person_is_told_in_their_language_and_no_brace_is_left(language):
    world = make_world()
    world.people["Ana Keller"].language = language
    world.people["Ana Keller"].save()
    told = offer(link(world, "Ana Keller", language=language), at=MONDAY)
    assert told.modes == (Mode.NAMED, Mode.CONFIDENTIAL, Mode.ANONYMOUS)
    assert told.language == language
    said = [choice.sentence + choice.more for choice in told.choices]
    assert not [sentence for sentence in said if "{" in sentence]
    assert "Northwind Robotics" in said[1]


@pytest.mark.django_db
def test_a_person_is_told_in_the_language_of_the_questions_that_they_were_asked():
    world = make_world()
    world.people["Ana Keller"].language = "fr"
    world.people["Ana Keller"].save()
    assert offer(link(world, "Ana Keller", language="de"), at=MONDAY).language == "de"


@pytest.mark.django_db
def test_a_small_company_is_told_that_it_has_no_figure_of_its_own():
    world = make_world()
    large = offer(link(world, "Ana Keller"), at=MONDAY).choices[1]
    small = offer(link(world, "Gita Rao"), at=MONDAY).choices[1]
    assert "at least 2 colleagues" in large.sentence
    assert "at least 5 people from 3 companies" in small.sentence


@pytest.mark.django_db
def test_anonymous_is_told_as_a_way_out_only_where_it_is_offered():
    world = make_world()
    with_it = offer(link(world, "Ana Keller"), at=MONDAY)
    without = offer(link(world, "Ben Okafor", cell=""), at=MONDAY)
    assert "Choose anonymous" in with_it.choices[1].more
    assert "Choose anonymous" not in without.choices[1].more
    assert Mode.ANONYMOUS not in without.modes


@pytest.mark.django_db
def test_the_public_promise_follows_the_settings():
    world = make_world()
    world.program.company_minimum = 4
    told = public_promise(world.program)
    assert [one.mode for one in told.modes] == MODES
    assert any("at least 4 people together" in rule for rule in told.rules)
    world.program.modes_offered = ["named"]
    named = public_promise(world.program, language="de")
    assert [one.label for one in named.modes] == ["Mit Namen"]
    assert len(named.rules) == len(told.rules) - 4
    assert not [text for text in (*named.rules, *told.rules, *told.limits) if "{" in text]
