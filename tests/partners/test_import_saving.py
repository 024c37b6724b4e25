"""Saving imports: what is new, what changed, and that a second time changes nothing."""

from datetime import timedelta

import pytest

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core.models import AuditEntry, Event
from partnerloop.evidence.seasoning import SeasoningRules, is_seasoned
from partnerloop.partners.importing.beginning import NotNow
from partnerloop.partners.importing.saving import confirm, save
from partnerloop.partners.models import (
    Affiliation,
    Contact,
    Cost,
    Customer,
    Deal,
    ExternalId,
    ImportRun,
    MailDomain,
    Partner,
    PartnerAssignment,
    Revenue,
    SegmentAttribute,
    Signal,
    Target,
)
from partnerloop.partners.segmenting import places
from partnerloop.partners.wishing import speak
from tests.world import MONDAY, World, make_world

TODAY = MONDAY.date()
HEAD = "partner,domain,type,tier,region,country,contact,email,role,language\n"
NEW = "Dunlin,dunlin.example,reseller,Gold,NA,US,Hal Moss,hal@dunlin.example,sales,en\n"
KNOWN = "birk,birk.example,reseller,silver,EMEA,,Eva Lind,eva@birk.example,sales,\n"
TABLES = (
    Partner,
    Contact,
    Affiliation,
    MailDomain,
    SegmentAttribute,
    PartnerAssignment,
    Membership,
    Customer,
    Deal,
    Revenue,
    Cost,
    Target,
    Signal,
    ExternalId,
)

FILES = {
    "partners": (
        "Id,Account Name,ParentId,Website,Type,NumberOfEmployees,BillingCountry\n"
        "0015g00000AbCdEAAV,Dunlin,0015g00000AbCdFAAV,https://www.dunlin.example/x,Reseller,40,US\n"
        "0015g00000AbCdFAAV,Egret,,egret.example,Reseller,4000,NA\n"
    ),
    "contacts": (
        "Id,FirstName,LastName,Email,AccountId,Account Name,Title,Region\n"
        "0035g00000XyZaBAAV,Hal,Moss,hal@dunlin.example,0015g00000AbCdEAAV,Dunlin,Sales Rep,NA\n"
    ),
    "members": "name,email,role\nTom Ferreira,t.ferreira@vendor.example,manager\n",
    "customers": "id,customer,partner\nC1,Harbour Foods,Birk\n",
    "deals": (
        "Record ID,Deal Name,Associated Company,Deal Stage,Amount,Close Date,Currency\n"
        "9001,Cape,Birk,closedwon,119373.34,2026-10-22T21:16:01Z,USD\n"
    ),
    "revenue": "partner;month;amount\nBirk;2026-10;612.400,00\nBirk;2026-09;1.000,5\n",
    "costs": "partner,month,kind,amount,currency\nBirk,10/2026,MDF,1200,EUR\n",
    "targets": (
        "partner,metric,target,due,currency\n"
        ",PartnerScore,7.5,2027-06-30,\nBirk,revenue,900000,2027-12-31,EUR\n"
    ),
    "signals": "partner,signal,at,value\nBirk,portal login,2026-11-02 14:05,3\n",
}


def everything(world: World) -> list[list[str]]:
    return [sorted(map(str, model.objects.of(world.program).values_list())) for model in TABLES]


def test_a_check_saves_nothing(desk) -> None:
    before = everything(desk.world)
    finding = desk.check(HEAD + NEW)
    assert (finding.new["partner"], finding.new["contact"]) == (1, 1)
    assert everything(desk.world) == before


def test_it_makes_partner_contact_domain_and_segments(desk) -> None:
    desk.bring(HEAD + NEW)
    program = desk.world.program
    dunlin = Partner.objects.of(program).get(name="Dunlin")
    hal = Contact.objects.of(program).get(email="hal@dunlin.example")
    assert places(program, on=TODAY)[dunlin.pk]["region"] == "NA"
    assert MailDomain.objects.of(program).get(partner=dunlin).domain == "dunlin.example"
    assert Affiliation.objects.of(program).get(contact=hal).partner == dunlin
    assert (hal.entered_by, hal.entered_at) == (desk.world.priya, MONDAY)


@pytest.mark.parametrize("kind", sorted(FILES))
def test_each_kind_is_recognised_and_a_second_time_changes_nothing(kind, desk) -> None:
    run = desk.bring(FILES[kind])
    assert run.kind == kind
    assert sum(run.counts["new"].values()) > 0
    before = everything(desk.world)
    again = desk.check(FILES[kind])
    assert again.changes_nothing
    assert again.outcomes["same"] == again.rows
    repeated = desk.bring(FILES[kind])
    assert everything(desk.world) == before
    assert not repeated.changes.exists()


@pytest.mark.parametrize("kind", sorted(FILES))
def test_each_kind_can_be_undone_without_a_trace(kind, desk) -> None:
    before = everything(desk.world)
    run = desk.undo(desk.bring(FILES[kind]))
    assert everything(desk.world) == before
    assert run.counts["kept"] == 0


def test_the_language_that_somebody_chose_goes_before_any_file(desk) -> None:
    eva = Contact.objects.of(desk.world.program).get(email="eva@birk.example")
    speak(eva, "fr", at=MONDAY)
    assert desk.check(HEAD + KNOWN.replace("sales,", "sales,de")).changes_nothing
    desk.bring(HEAD + KNOWN.replace("sales,", "sales,de"))
    eva.refresh_from_db()
    assert eva.language == "fr"


def test_ids_of_eighteen_characters_stay_as_they_are(desk) -> None:
    desk.bring(FILES["partners"])
    numbers = ExternalId.objects.of(desk.world.program).values_list("source", "value")
    assert sorted(numbers) == [
        ("salesforce", "0015g00000AbCdEAAV"),
        ("salesforce", "0015g00000AbCdFAAV"),
    ]


def test_a_parent_may_stand_below_its_child(desk) -> None:
    desk.bring(FILES["partners"])
    dunlin = Partner.objects.of(desk.world.program).get(name="Dunlin")
    assert dunlin.parent is not None
    assert dunlin.parent.name == "Egret"


def test_an_id_finds_a_partner_that_was_renamed(desk) -> None:
    desk.bring(FILES["partners"])
    desk.bring(FILES["partners"].replace("Dunlin", "Dunlin Systems"))
    names = Partner.objects.of(desk.world.program).values_list("name", flat=True)
    assert "Dunlin Systems" in names
    assert "Dunlin" not in names


def test_two_accounts_of_one_name_are_two_partners(desk) -> None:
    desk.bring("Id,Account Name,BillingCountry\nA1,Dunlin,US\nA2,Dunlin,DE\n", "partners")
    assert Partner.objects.of(desk.world.program).filter(name="Dunlin").count() == 2
    finding = desk.check("partner,month,amount\nDunlin,2026-10,5\n")
    assert "2 partners are called" in finding.problems[0]["says"]


def test_it_says_how_many_partners_were_found_by_their_name_alone(desk) -> None:
    assert desk.check(HEAD + KNOWN).found_by_name == 1


def test_a_known_partner_is_found_whatever_its_case(desk) -> None:
    desk.bring(HEAD + KNOWN)
    assert Partner.objects.of(desk.world.program).filter(name__iexact="birk").count() == 1


def test_a_new_tier_ends_the_old_one_and_keeps_it_as_history(desk) -> None:
    desk.bring(HEAD + KNOWN.replace("silver", "gold"))
    tiers = SegmentAttribute.objects.of(desk.world.program).filter(
        partner=desk.world.partners["Birk"], key="tier"
    )
    assert sorted(tiers.values_list("value", "until")) == [("gold", None), ("silver", TODAY)]


def test_a_new_role_is_a_new_affiliation(desk) -> None:
    desk.bring(HEAD + KNOWN.replace(",sales,", ",executive,"))
    works = Affiliation.objects.of(desk.world.program).filter(contact=desk.world.people["Eva Lind"])
    assert sorted(works.values_list("role", "until")) == [("executive", None), ("sales", TODAY)]


def test_an_empty_cell_erases_nothing(desk) -> None:
    desk.bring(HEAD + KNOWN.replace("silver", ""))
    birk = desk.world.partners["Birk"]
    assert places(desk.world.program, on=TODAY)[birk.pk]["tier"] == "silver"


def test_a_person_may_work_for_two_partners(desk) -> None:
    desk.bring(
        HEAD + NEW.replace("hal@dunlin.example", "eva@birk.example").replace("Hal Moss", "Eva Lind")
    )
    works = Affiliation.objects.of(desk.world.program).filter(contact=desk.world.people["Eva Lind"])
    assert works.current(TODAY).count() == 2


def test_rows_that_contradict_each_other_are_named(desk) -> None:
    other = NEW.replace("Hal Moss", "Ida Moss").replace("hal@", "ida@").replace("Gold", "Silver")
    finding = desk.check(HEAD + NEW + other)
    assert [(p["row"], p["column"]) for p in finding.problems] == [(3, "tier")]
    assert "row 2" in finding.problems[0]["says"]
    assert finding.ready == 1


def test_the_same_person_twice_is_named(desk) -> None:
    finding = desk.check(HEAD + NEW + NEW)
    assert [(p["row"], p["column"]) for p in finding.problems] == [(3, "email")]
    assert "Row 2 is kept" in finding.problems[0]["says"]


def test_another_program_is_left_alone(desk) -> None:
    other = make_world("contoso")
    before = everything(other)
    desk.bring(HEAD + KNOWN.replace("silver", "gold") + NEW)
    assert everything(other) == before


def test_a_name_that_looks_like_a_known_partner_asks_which_it_is(desk) -> None:
    row = NEW.replace("Dunlin", "Birk GmbH", 1)
    problem = desk.check(HEAD + row).problems[0]
    assert problem["offer"] == "Birk GmbH"
    assert "Looks like “Birk”" in problem["says"]
    desk.bring(HEAD + row, twins={"birk gmbh": "same"})
    assert not Partner.objects.of(desk.world.program).filter(name="Birk GmbH").exists()
    assert desk.check(HEAD + row).changes_nothing  # told once, known for good


def test_a_different_partner_of_a_like_name_is_made(desk) -> None:
    row = NEW.replace("Dunlin", "Birk GmbH", 1)
    desk.bring(HEAD + row, twins={"birk gmbh": "other"})
    assert Partner.objects.of(desk.world.program).filter(name="Birk GmbH").exists()


def test_an_amount_keeps_its_cents_and_its_decimal_comma(desk) -> None:
    desk.bring(FILES["revenue"])
    amounts = Revenue.objects.of(desk.world.program).order_by("month")
    assert list(amounts.values_list("amount_minor", "currency")) == [
        (100_050, "EUR"),
        (61_240_000, "EUR"),
    ]


def test_a_program_may_have_a_target_of_its_own(desk) -> None:
    desk.bring(FILES["targets"])
    targets = Target.objects.of(desk.world.program).order_by("due_on")
    assert [(t.partner_id is None, t.measure) for t in targets] == [
        (True, "partnerscore"),
        (False, "revenue"),
    ]


def test_a_member_may_sign_in_and_an_owner_is_never_made(desk) -> None:
    desk.bring(FILES["members"])
    assert User.objects.get(email="t.ferreira@vendor.example").is_active
    finding = desk.check("name,email,role\nEve,eve@vendor.example,owner\n", "members")
    assert "Use one of chief, manager" in finding.problems[0]["says"]


def test_an_owner_does_not_lose_that_role_by_a_file(desk) -> None:
    priya = desk.world.priya
    Membership.objects.of(desk.world.program).filter(pk=priya.pk).update(role=Role.OWNER)
    finding = desk.check(f"name,email,role\nPriya,{priya.user.email},lead\n", "members")
    assert "changed by hand" in finding.problems[0]["says"]


def test_a_manager_is_found_by_address_or_name_and_hands_over(desk) -> None:
    desk.bring(FILES["members"])
    desk.bring("partner,manager\nBirk,priya raman\n", "partners")
    desk.bring("partner,manager\nBirk,t.ferreira\n", "partners")
    held = PartnerAssignment.objects.of(desk.world.program)
    assert [a.member.user.name for a in held.current(TODAY)] == ["Tom Ferreira"]
    finding = desk.check("partner,manager\nBirk,nobody\n", "partners")
    assert "No member is called “nobody”" in finding.problems[0]["says"]


def test_another_address_for_a_known_person_says_who_gave_it_and_when(desk) -> None:
    desk.bring(FILES["contacts"])
    later = MONDAY + timedelta(days=200)
    desk.bring(FILES["contacts"].replace("hal@", "h.moss@"), at=later)
    hal = Contact.objects.of(desk.world.program).get(name="Hal Moss")
    assert (hal.email, hal.addressed_at, hal.entered_at) == ("h.moss@dunlin.example", later, MONDAY)
    rules = SeasoningRules(desk.world.program)
    dunlin = Partner.objects.of(desk.world.program).get(name="Dunlin")
    assert not is_seasoned(hal, partner=dunlin, rules=rules, on=later.date())


def test_an_address_of_somebody_else_is_refused(desk) -> None:
    desk.bring(FILES["contacts"])
    finding = desk.check(FILES["contacts"].replace("hal@dunlin.example", "eva@birk.example"))
    assert "belongs to another contact" in finding.problems[0]["says"]


def test_two_imports_of_a_program_are_not_saved_at_the_same_time(desk) -> None:
    one, _ = desk.checked(HEAD + NEW)
    two, _ = desk.checked(HEAD + KNOWN)
    confirm(one, by=desk.world.priya, at=MONDAY)
    with pytest.raises(NotNow, match="Another import"):
        confirm(two, by=desk.world.priya, at=MONDAY)
    with pytest.raises(NotNow, match="confirmed already"):
        confirm(one, by=desk.world.priya, at=MONDAY)
    save(one, at=MONDAY)
    confirm(two, by=desk.world.priya, at=MONDAY)


def test_two_checked_files_with_the_same_person_make_one_person(desk) -> None:
    one, _ = desk.checked(HEAD + NEW)
    two, _ = desk.checked(HEAD + NEW)
    for run in (one, two):
        confirm(run, by=desk.world.priya, at=MONDAY)
        save(run, at=MONDAY)
    assert Contact.objects.of(desk.world.program).filter(email="hal@dunlin.example").count() == 1


class Killed(Exception):
    """The worker's end, between two batches."""


def test_a_save_that_was_killed_goes_on_where_it_stopped(desk) -> None:
    people = "".join(f"Dunlin,,,,,,Hal {n},hal{n}@dunlin.example,sales,en\n" for n in range(2500))
    run, _ = desk.checked(HEAD + people)
    confirm(run, by=desk.world.priya, at=MONDAY)

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        save(run, at=MONDAY, beat=die)
    run = ImportRun.objects.of(desk.world.program).get(pk=run.pk)
    assert run.rows_done == 1000
    save(run, at=MONDAY)
    assert run.counts["new"]["contact"] == 2500
    assert Contact.objects.of(desk.world.program).filter(name__startswith="Hal ").count() == 2500
    desk.undo(run)
    assert not Contact.objects.of(desk.world.program).filter(name__startswith="Hal ").exists()
    assert not Partner.objects.of(desk.world.program).filter(name="Dunlin").exists()


def test_a_worker_that_was_overtaken_saves_nothing_more(desk) -> None:
    people = "".join(f"Dunlin,,,,,,Hal {n},hal{n}@dunlin.example,sales,en\n" for n in range(1500))
    run, _ = desk.checked(HEAD + people)
    confirm(run, by=desk.world.priya, at=MONDAY)
    late = ImportRun.objects.of(desk.world.program).get(pk=run.pk)
    save(run, at=MONDAY)
    before = everything(desk.world)
    save(late, at=MONDAY)
    assert late.state == "saved"
    assert everything(desk.world) == before


def test_the_audit_log_names_tables_and_numbers_and_nobody(desk) -> None:
    desk.undo(desk.bring(HEAD + NEW))
    entries = list(AuditEntry.objects.filter(action__startswith="import").order_by("action"))
    assert [entry.action for entry in entries] == ["import.begun", "import.saved", "import.undone"]
    assert "contact: 1 new" in entries[1].fields
    assert "hal" not in str([entry.fields for entry in entries]).lower()


def test_signals_by_file_are_told_so_that_limits_are_looked_at(desk) -> None:
    desk.bring(FILES["signals"])
    [told] = Event.objects.filter(kind="signals.kept")
    assert (told.program_id, told.payload) == (desk.world.program.pk, {"partners": None})
    desk.bring(FILES["costs"])
    assert Event.objects.filter(kind="signals.kept").count() == 1
