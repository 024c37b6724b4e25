"""Contacts by hand: who entered and re-addressed whom is kept, and old links stay private."""

from datetime import timedelta

import pytest

from partnerloop.core import outbox
from partnerloop.core.models import AuditEntry, Message
from partnerloop.evidence.seasoning import SeasoningRules, is_seasoned
from partnerloop.loop.readdressing import change_contact
from partnerloop.partners.contacting import (
    AddressTaken,
    NotThere,
    Particulars,
    begin_at,
    enter,
    leave,
)
from partnerloop.partners.looking_after import stand_in
from partnerloop.partners.models import Affiliation
from tests.partners.test_looking_after import member
from tests.world import MONDAY, World, make_world

TODAY = MONDAY.date()
NINA = Particulars("Nina Holm", "nina@birk.example", "de", "")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def seasoned(world: World, contact, at: str, *, days: int) -> bool:
    rules = SeasoningRules(world.program)
    on = TODAY + timedelta(days=days)
    return is_seasoned(contact, partner=world.partners[at], rules=rules, on=on)


def test_it_keeps_who_entered_a_person_and_the_log_keeps_no_value(world) -> None:
    nina = enter(NINA, partner=world.partners["Birk"], role="sales", by=world.priya, at=MONDAY)
    assert (nina.entered_by, nina.addressed_by, nina.entered_at) == (
        world.priya,
        world.priya,
        MONDAY,
    )
    entry = AuditEntry.objects.get(action="contact.entered")
    assert "Nina" not in str(vars(entry))
    assert "birk.example" not in str(vars(entry))


def test_an_address_belongs_to_one_person(world) -> None:
    taken = Particulars("Eva II", "EVA@birk.example", "", "")
    with pytest.raises(AddressTaken):
        enter(taken, partner=world.partners["Birk"], role="sales", by=world.priya, at=MONDAY)
    with pytest.raises(AddressTaken):
        change_contact(world.people["Finn Berg"], taken, by=world.priya, at=MONDAY)


def test_whom_a_manager_or_their_cover_enters_does_not_count_for_ninety_days(world) -> None:
    mara, leo = member(world, "Mara", of="Birk"), member(world, "Leo")
    stand_in(mara, cover=leo, since=TODAY, until=TODAY, by=mara, at=MONDAY)
    birk = world.partners["Birk"]
    by_cover = enter(NINA, partner=birk, role="sales", by=leo, at=MONDAY)
    olaf = Particulars("Olaf Holm", "olaf@birk.example", "", "")
    by_chief = enter(olaf, partner=birk, role="sales", by=world.priya, at=MONDAY)
    assert not seasoned(world, by_cover, "Birk", days=60)
    assert seasoned(world, by_chief, "Birk", days=60)
    assert seasoned(world, by_cover, "Birk", days=120)


def test_a_new_address_ends_open_links_and_withdraws_waiting_mails(world) -> None:
    ana = world.people["Ana Keller"]
    pulse = world.pulse(launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28))
    ask = world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=("communication_open_low",))
    waiting = Message(
        key="reply:1",
        program_id=world.program.pk,
        purpose="reply",
        to=ana.email.upper(),
        subject="-",
        text="-",
        created_at=MONDAY,
        available_at=MONDAY,
    )
    outbox.post([waiting])
    later = MONDAY + timedelta(days=1)
    moved = Particulars("Ana Keller", "ana.keller@alder.example", "", "")
    assert change_contact(ana, moved, by=world.priya, at=later) == ("email",)
    ask.refresh_from_db()
    assert ask.expires_at == later
    assert not Message.objects.exists()
    assert not seasoned(world, ana, "Alder & Finch", days=2)


def test_a_new_language_changes_no_seasoning_and_no_link(world) -> None:
    ana = world.people["Ana Keller"]
    pulse = world.pulse(launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28))
    ask = world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=("communication_open_low",))
    same = Particulars("Ana Keller", ana.email, "de", "Europe/Berlin")
    changed = change_contact(ana, same, by=world.priya, at=MONDAY + timedelta(days=1))
    assert changed == ("language", "time_zone")
    ask.refresh_from_db()
    assert ask.expires_at > MONDAY + timedelta(days=1)
    assert seasoned(world, ana, "Alder & Finch", days=2)


def test_a_person_moves_and_the_past_stays(world) -> None:
    eva, cedar = world.people["Eva Lind"], world.partners["Cedar"]
    begin_at(eva, cedar, role="executive", by=world.priya, at=MONDAY)
    leave(eva, world.partners["Birk"], by=world.priya, at=MONDAY)
    places = Affiliation.objects.of(world.program).filter(contact=eva)
    assert places.count() == 2
    assert places.current(TODAY).get().partner == cedar
    with pytest.raises(NotThere):
        leave(eva, world.partners["Birk"], by=world.priya, at=MONDAY)


def test_another_role_at_the_same_partner_ends_the_first(world) -> None:
    eva, birk = world.people["Eva Lind"], world.partners["Birk"]
    begin_at(eva, birk, role="executive", by=world.priya, at=MONDAY)
    begin_at(eva, birk, role="executive", by=world.priya, at=MONDAY)
    assert Affiliation.objects.of(world.program).current(TODAY).get(contact=eva).role == "executive"
