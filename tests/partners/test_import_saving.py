"""Saving an import: what is new, what changed, and that a second time changes nothing."""

import pytest

from partnerloop.partners.importing.checking import Counts, check
from partnerloop.partners.importing.saving import save
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    MailDomain,
    Partner,
    SegmentAttribute,
)
from partnerloop.partners.segmenting import places
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db

HEAD = "partner,domain,type,tier,region,country,contact,email,role,language\n"
NEW = "Dunlin,dunlin.example,reseller,Gold,NA,US,Hal Moss,hal@dunlin.example,sales,en\n"
KNOWN = "birk,birk.example,reseller,silver,EMEA,,Eva Lind,eva@birk.example,sales,\n"
TODAY = MONDAY.date()


@pytest.fixture
def world() -> World:
    return make_world()


def bring(world: World, text: str) -> None:
    save(check(world.program, HEAD + text, on=TODAY), by=world.priya, at=MONDAY)


def test_a_check_saves_nothing(world) -> None:
    checked = check(world.program, HEAD + NEW, on=TODAY)
    assert checked.partners == Counts(new=1, changed=0, same=0)
    assert checked.contacts == Counts(new=1, changed=0, same=0)
    assert not Partner.objects.of(world.program).filter(name="Dunlin").exists()


def test_it_makes_partner_contact_domain_and_segments(world) -> None:
    bring(world, NEW)
    dunlin = Partner.objects.of(world.program).get(name="Dunlin")
    hal = Contact.objects.of(world.program).get(email="hal@dunlin.example")
    assert places(world.program, on=TODAY)[dunlin.pk]["region"] == "NA"
    assert MailDomain.objects.of(world.program).get(partner=dunlin).domain == "dunlin.example"
    assert Affiliation.objects.of(world.program).get(contact=hal).partner == dunlin
    assert (hal.entered_by, hal.entered_at) == (world.priya, MONDAY)


def test_the_same_file_again_changes_nothing(world) -> None:
    bring(world, NEW + KNOWN)
    before = everything(world)
    assert check(world.program, HEAD + NEW + KNOWN, on=TODAY).changes_nothing
    bring(world, NEW + KNOWN)
    assert everything(world) == before


def test_a_known_partner_is_found_whatever_its_case(world) -> None:
    bring(world, KNOWN)
    assert Partner.objects.of(world.program).filter(name__iexact="birk").count() == 1


def test_a_new_tier_ends_the_old_one_and_keeps_it_as_history(world) -> None:
    bring(world, KNOWN.replace("silver", "gold"))
    tiers = SegmentAttribute.objects.of(world.program).filter(
        partner=world.partners["Birk"], key="tier"
    )
    assert sorted(tiers.values_list("value", "until")) == [("gold", None), ("silver", TODAY)]


def test_a_new_role_is_a_new_affiliation(world) -> None:
    bring(world, KNOWN.replace(",sales,", ",executive,"))
    works = Affiliation.objects.of(world.program).filter(contact=world.people["Eva Lind"])
    assert sorted(works.values_list("role", "until")) == [("executive", None), ("sales", TODAY)]


def test_an_empty_cell_erases_nothing(world) -> None:
    bring(world, KNOWN.replace("silver", ""))
    assert places(world.program, on=TODAY)[world.partners["Birk"].pk]["tier"] == "silver"


def test_a_person_may_work_for_two_partners(world) -> None:
    bring(
        world, NEW.replace("hal@dunlin.example", "eva@birk.example").replace("Hal Moss", "Eva Lind")
    )
    works = Affiliation.objects.of(world.program).filter(contact=world.people["Eva Lind"])
    assert works.current(TODAY).count() == 2


def test_rows_that_contradict_each_other_are_named(world) -> None:
    other = NEW.replace("Hal Moss", "Ida Moss").replace("hal@", "ida@").replace("Gold", "Silver")
    checked = check(world.program, HEAD + NEW + other, on=TODAY)
    assert [(p.row, p.column) for p in checked.problems] == [(3, "tier")]
    assert "row 2" in checked.problems[0].says
    assert len(checked.rows) == 1


def test_the_same_person_twice_is_named(world) -> None:
    checked = check(world.program, HEAD + NEW + NEW, on=TODAY)
    assert [(p.row, p.column) for p in checked.problems] == [(3, "email")]


def test_another_program_is_left_alone(world) -> None:
    other = make_world("contoso")
    before = everything(other)
    bring(world, KNOWN.replace("silver", "gold") + NEW)
    assert everything(other) == before


def everything(world: World) -> list[list[tuple[object, ...]]]:
    return [
        sorted(map(str, model.objects.of(world.program).values_list()))
        for model in (Partner, Contact, Affiliation, MailDomain, SegmentAttribute)
    ]
