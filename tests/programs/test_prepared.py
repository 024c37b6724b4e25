"""Prepared questions answer as the ORM does, on random programs and both databases."""

import random
from datetime import date, timedelta

import pytest
from django.db import models

from partnerloop.evidence.seasoning import (
    SeasoningRules,
    eligible_at,
    eligible_people,
    is_seasoned,
)
from partnerloop.partners.models import Affiliation, Contact, MailDomain, Partner
from partnerloop.planning.addressing import last_asked
from partnerloop.programs.prepared import Given, Prepared
from partnerloop.programs.scoping import ProgramNotNamed
from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import InvitationUnknown, find_invitation, invitation_token
from tests.world import MONDAY, World, make_world, person

pytestmark = pytest.mark.django_db
KEYS = ("partnerscore", "communication_open_low")


def scattered(seed: int, slug: str) -> World:
    """Return the cast with people, domains and asks that chance has moved about."""
    rng, world = random.Random(seed), make_world(slug)
    for number in range(8):
        at = rng.choice(list(world.partners))
        since = MONDAY.date() + timedelta(days=rng.randrange(-200, 20))
        newcomer = person(world, f"P{number} Doe", at=at, role="sales", since=since)
        entered = MONDAY - timedelta(days=rng.randrange(120))
        changed = {"entered_at": entered, "addressed_at": entered}
        if rng.random() < 0.3:
            changed |= {"entered_by": world.priya, "email": f"p{number}@gmail.com"}
        Contact.objects.of(world.program).filter(pk=newcomer.pk).update(**changed)
        if rng.random() < 0.3:
            place = Affiliation.objects.of(world.program).filter(contact=newcomer)
            place.update(until=MONDAY.date() + timedelta(days=rng.randrange(-20, 20)))
    MailDomain.objects.create(
        program=world.program, partner=rng.choice(list(world.partners.values())), domain="x.example"
    )
    for number in range(4):
        at = MONDAY - timedelta(days=rng.randrange(300), minutes=rng.randrange(900))
        pulse = world.pulse(f"Pulse {number}", modes=["named", "confidential"])
        for name in rng.sample(list(world.people), 5):
            if Affiliation.objects.of(world.program).filter(contact__name=name).count() == 1:
                world.ask(name, pulse=pulse, at=at, keys=KEYS)
    return world


def columns_of(row: models.Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("seed", range(3))
def test_a_link_finds_what_the_orm_finds(seed, django_assert_num_queries):
    scattered(seed, "other")
    for known in Invitation.objects.of(scattered(seed, "ours").program):
        with django_assert_num_queries(1):
            found = find_invitation(invitation_token(known.pk))
            around = [found.program, found.pulse, found.contact, found.partner]
        assert columns_of(found) == columns_of(known)
        same = [known.program, known.pulse, known.contact, known.partner]
        assert [columns_of(one) for one in around] == [columns_of(one) for one in same]
        assert not found._state.adding


def test_a_link_that_was_never_sent_finds_nothing():
    make_world()
    with pytest.raises(InvitationUnknown):
        find_invitation("never")


@pytest.mark.parametrize("seed", range(3))
def test_the_last_ask_is_the_newest_one_before(seed):
    scattered(seed, "other")
    for one in Invitation.objects.of(scattered(seed, "ours").program):
        asks = Invitation.objects.of(one.program).filter(contact=one.contact)
        before = [ask.asked_at for ask in asks if ask.asked_at < one.asked_at]
        last = last_asked(one.contact, before=one.asked_at)
        assert last == (max(before).date() if before else None)


@pytest.mark.parametrize("seed", range(3))
def test_one_partner_is_weighed_like_all_of_them(seed):
    scattered(seed, "other")
    program = scattered(seed, "ours").program
    all_rules = SeasoningRules(program)
    for day in (MONDAY.date() - timedelta(days=40), MONDAY.date()):
        counted = eligible_people(program, on=day, rules=all_rules)
        for partner in Partner.objects.of(program):
            rules = SeasoningRules.of_partner(program, partner.pk)
            assert eligible_at(partner.pk, on=day, rules=rules) == counted.get(partner.pk, 0)
            for contact in Contact.objects.of(program):
                one = is_seasoned(contact, partner=partner, rules=rules, on=day)
                assert one == is_seasoned(contact, partner=partner, rules=all_rules, on=day)


def test_a_question_that_names_no_program_is_refused():
    question = Prepared(
        lambda: Affiliation.objects.current(Given("on", models.DateField())).values_list("pk")
    )
    with pytest.raises(ProgramNotNamed):
        question.ask(on=date(2026, 11, 23))
