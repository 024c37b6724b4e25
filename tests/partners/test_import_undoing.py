"""Undoing an import: what nobody used goes, what nobody edited goes back, the rest is listed."""

from datetime import timedelta

import pytest

from partnerloop.partners.importing.beginning import NotNow, forget_imports, save_template
from partnerloop.partners.importing.keeping import shelf_of
from partnerloop.partners.importing.undoing import recall
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    ImportRun,
    ImportState,
    Partner,
    SegmentAttribute,
)
from partnerloop.partners.segmenting import places
from tests.partners.test_import_saving import HEAD, KNOWN, NEW, TODAY, everything
from tests.world import MONDAY


def kept(run: ImportRun) -> set[tuple[str, str]]:
    return {(change.table, why) for change in run.changes.all() for _, why in change.kept}


def test_what_nobody_touched_since_goes_without_a_trace(desk) -> None:
    before = everything(desk.world)
    run = desk.undo(desk.bring(HEAD + NEW + KNOWN.replace("silver", "gold")))
    assert everything(desk.world) == before
    assert run.state == ImportState.UNDONE
    assert run.counts["kept"] == 0
    assert not kept(run)


def test_a_contact_who_was_asked_since_stays_with_their_partner(desk) -> None:
    run = desk.bring(HEAD + NEW)
    hal = Contact.objects.of(desk.world.program).get(name="Hal Moss")
    desk.world.people["Hal Moss"] = hal
    desk.world.ask("Hal Moss", pulse=desk.world.pulse(), at=MONDAY, keys=("partnerscore",))
    desk.undo(run)
    assert Contact.objects.of(desk.world.program).filter(pk=hal.pk).exists()
    assert Partner.objects.of(desk.world.program).filter(name="Dunlin").exists()
    assert ("contact", "used since") in kept(run)
    assert ("partner", "used since") in kept(run)


def test_a_partner_that_was_renamed_since_stays(desk) -> None:
    run = desk.bring("partner,tier\nDunlin,Gold\n", "partners")
    Partner.objects.of(desk.world.program).filter(name="Dunlin").update(name="Dunlin AG")
    desk.undo(run)
    assert Partner.objects.of(desk.world.program).filter(name="Dunlin AG").exists()
    assert kept(run) == {("partner", "edited since")}


def test_a_field_that_nobody_edited_since_goes_back_and_an_edited_one_stays(desk) -> None:
    run = desk.bring(
        HEAD + KNOWN.replace("Eva Lind", "Eva Lindholm").replace(",sales,", ",sales,de")
    )
    eva = Contact.objects.of(desk.world.program).get(email="eva@birk.example")
    assert (eva.name, eva.language) == ("Eva Lindholm", "de")
    Contact.objects.of(desk.world.program).filter(pk=eva.pk).update(name="E. Lindholm")
    desk.undo(run)
    eva.refresh_from_db()
    assert (eva.name, eva.language) == ("E. Lindholm", "")
    assert kept(run) == {("contact", "edited since")}


def test_a_tier_that_changed_again_since_stays_as_it_is_now(desk) -> None:
    run = desk.bring(HEAD + KNOWN.replace("silver", "gold"))
    desk.bring(HEAD + KNOWN.replace("silver", "platinum"))
    desk.undo(run)
    birk = desk.world.partners["Birk"]
    assert places(desk.world.program, on=TODAY)[birk.pk]["tier"] == "platinum"
    current = SegmentAttribute.objects.of(desk.world.program).current(TODAY)
    assert current.filter(partner=birk, key="tier").count() == 1


def test_two_imports_undone_in_reverse_leave_what_was_there_before(desk) -> None:
    before = everything(desk.world)
    one = desk.bring(HEAD + KNOWN.replace("silver", "gold").replace("sales", "executive"))
    two = desk.bring(HEAD + KNOWN.replace("silver", "platinum").replace("sales", "marketing"))
    desk.undo(two)
    desk.undo(one)
    assert everything(desk.world) == before


def test_an_import_can_be_undone_once_and_for_thirty_days(desk) -> None:
    run = desk.bring(HEAD + NEW)
    with pytest.raises(NotNow, match="30 days"):
        recall(run, by=desk.world.priya, at=MONDAY + timedelta(days=30))
    desk.undo(run)
    with pytest.raises(NotNow):
        recall(run, by=desk.world.priya, at=MONDAY)


def test_after_thirty_days_the_file_and_the_way_back_are_deleted(desk) -> None:
    saved = desk.bring(HEAD + NEW)
    open_run, _ = desk.checked(HEAD + KNOWN)
    folders = [shelf_of(run.pk).folder for run in (saved, open_run)]
    forget_imports(desk.world.program, at=MONDAY + timedelta(days=29))
    assert all(folder.exists() for folder in folders)
    forget_imports(desk.world.program, at=MONDAY + timedelta(days=31))
    assert not any(folder.exists() for folder in folders)
    assert not saved.changes.exists()
    assert list(ImportRun.objects.of(desk.world.program)) == [saved]


def test_an_affiliation_made_by_hand_keeps_the_imported_person(desk) -> None:
    run = desk.bring(HEAD + NEW)
    hal = Contact.objects.of(desk.world.program).get(name="Hal Moss")
    Affiliation.objects.create(
        program=desk.world.program,
        contact=hal,
        partner=desk.world.partners["Cedar"],
        role="sales",
        since=TODAY,
    )
    desk.undo(run)
    assert ("contact", "used since") in kept(run)
    assert not Partner.objects.of(desk.world.program).filter(name="Dunlin").exists()


def test_a_template_names_the_columns_of_the_next_file(desk) -> None:
    text = "Firma,Stufe\nDunlin,Gold\n"
    run = desk.begin(text, "partners")
    run.mapping = ["name", "tier"]
    template = save_template(run, " CRM  list ", at=MONDAY)
    assert template.name == "CRM list"
    again = desk.begin_with(text, template)
    assert (again.kind, again.mapping) == ("partners", ["name", "tier"])
