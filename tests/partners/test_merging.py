"""Merging partners and people: one act, undone without a trace, and imports find the kept one."""

from datetime import timedelta

import pytest

from partnerloop.partners.merging import (
    CannotBeMerged,
    CannotBeUndone,
    merge_contacts,
    merge_partners,
    undo_merge,
)
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    Deal,
    ExternalId,
    MailDomain,
    Partner,
    Revenue,
)
from partnerloop.partners.stopping import stop_asking
from tests.partners.test_import_saving import HEAD, TODAY, everything
from tests.world import LONG_AGO, MONDAY, make_world

LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def merged(desk):
    """Birk taken into Cedar; both had revenue in one month, Birk a deal and an id."""
    world, program = desk.world, desk.world.program
    birk, cedar = world.partners["Birk"], world.partners["Cedar"]
    for partner, minor in ((birk, 100), (cedar, 200)):
        Revenue.objects.create(
            program=program,
            partner=partner,
            month=TODAY.replace(day=1),
            amount_minor=minor,
            currency="EUR",
        )
    Deal.objects.create(program=program, partner=birk, name="Cape", stage="won", share="sourced")
    ExternalId.objects.create(
        program=program, kind="partner", source="salesforce", value="B1", partner=birk
    )
    desk.before = everything(world)
    return merge_partners(birk, into=cedar, by=world.priya, at=MONDAY)


def test_people_deals_domains_and_ids_move_to_the_kept_partner(desk, merged) -> None:
    program, cedar = desk.world.program, desk.world.partners["Cedar"]
    works = Affiliation.objects.of(program).current(TODAY).filter(partner=cedar)
    assert {place.contact.name for place in works} == {"Eva Lind", "Finn Berg", "Gita Rao"}
    assert Deal.objects.of(program).get().partner == cedar
    assert MailDomain.objects.of(program).filter(partner=cedar).count() == 2
    assert ExternalId.objects.of(program).get(source="salesforce").partner == cedar


def test_the_merged_partner_ends_as_one_company_with_the_kept_one(desk, merged) -> None:
    birk = Partner.objects.of(desk.world.program).get(name="Birk")
    assert birk.company_id == desk.world.partners["Cedar"].pk
    assert not Partner.objects.of(desk.world.program).active(TODAY).filter(pk=birk.pk).exists()


def test_a_month_that_both_had_stays_with_each(desk, merged) -> None:
    amounts = Revenue.objects.of(desk.world.program).order_by("amount_minor")
    assert [(r.partner.name, r.amount_minor) for r in amounts] == [("Birk", 100), ("Cedar", 200)]


def test_an_import_finds_the_kept_partner_by_the_merged_ones_id(desk, merged) -> None:
    run = desk.bring("Id,Account Name,BillingCountry\nB1,Cedar,SE\n", "partners")
    assert run.counts["new"].get("partner", 0) == 0


def test_undoing_leaves_everything_as_it_was(desk, merged) -> None:
    undo_merge(merged, by=desk.world.priya, at=LATER)
    assert everything(desk.world) == desk.before
    with pytest.raises(CannotBeUndone):
        undo_merge(merged, by=desk.world.priya, at=LATER)


def test_what_changed_since_the_merge_stays_where_it_is(desk, merged) -> None:
    alder = desk.world.partners["Alder & Finch"]
    Deal.objects.of(desk.world.program).update(partner=alder)
    undo_merge(merged, by=desk.world.priya, at=LATER)
    assert Deal.objects.of(desk.world.program).get().partner == alder


def test_a_person_keeps_both_places_of_work_and_both_addresses(desk) -> None:
    eva, gita = desk.world.people["Eva Lind"], desk.world.people["Gita Rao"]
    before = everything(desk.world)
    merge = merge_contacts(gita, into=eva, by=desk.world.priya, at=MONDAY)
    works = Affiliation.objects.of(desk.world.program).current(TODAY).filter(contact=eva)
    assert {place.partner.name for place in works} == {"Birk", "Cedar"}
    row = "Cedar,,,,,,Eva Lind,gita@cedar.example,marketing,\n"
    finding = desk.check(HEAD + row)
    assert finding.changes_nothing, (finding.new, finding.changed, finding.problems)
    undo_merge(merge, by=desk.world.priya, at=LATER)
    assert everything(desk.world) == before


def test_the_wish_not_to_be_asked_survives_a_merge(desk) -> None:
    eva, gita = desk.world.people["Eva Lind"], desk.world.people["Gita Rao"]
    stop_asking(gita, at=LONG_AGO)
    merge_contacts(gita, into=eva, by=desk.world.priya, at=MONDAY)
    assert Contact.objects.of(desk.world.program).get(pk=eva.pk).stopped_at == LONG_AGO


def test_the_merged_address_is_not_asked_any_more(desk) -> None:
    eva, gita = desk.world.people["Eva Lind"], desk.world.people["Gita Rao"]
    merge_contacts(gita, into=eva, by=desk.world.priya, at=MONDAY)
    assert Contact.objects.of(desk.world.program).get(pk=gita.pk).stopped_at == MONDAY


def test_what_can_not_be_one_is_refused_in_words(desk) -> None:
    birk, other = desk.world.partners["Birk"], make_world("contoso").partners["Cedar"]
    with pytest.raises(CannotBeMerged, match="the same already"):
        merge_partners(birk, into=birk, by=desk.world.priya, at=MONDAY)
    with pytest.raises(CannotBeMerged, match="two programs"):
        merge_partners(birk, into=other, by=desk.world.priya, at=MONDAY)
    eva, gita = desk.world.people["Eva Lind"], desk.world.people["Gita Rao"]
    merge_contacts(gita, into=eva, by=desk.world.priya, at=MONDAY)
    with pytest.raises(CannotBeMerged, match="merged already"):
        merge_contacts(gita, into=eva, by=desk.world.priya, at=MONDAY)
