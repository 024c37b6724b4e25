"""Members, departments, contacts and the log: what runs, what is refused, what stays unsaid."""

import re
from datetime import timedelta

import pytest

from partnerloop.accounts.models import MemberInvitation, Membership, Role
from partnerloop.core.models import AuditEntry
from partnerloop.loop.receiving import receive
from partnerloop.partners.models import Contact, Department, HandOver, PartnerAssignment
from partnerloop.programs.models import Mode
from partnerloop.responses.accepted import Submission
from partnerloop.web.workspace import people_log_words
from tests.architecture.tree import PACKAGE
from tests.web.conftest import NOW

TODAY = NOW.date()
NINA = {
    "contact-name": "Nina Holm",
    "contact-email": "nina@birk.example",
    "contact-language": "de",
    "contact-time_zone": "Europe/Berlin",
    "place-role": "sales",
}


def without_tokens(response) -> str:
    main = text(response).partition("<main")[2]
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", main)


def text(response) -> str:
    return response.content.decode()


def test_a_chief_changes_a_role_and_ends_a_membership(pages, chief) -> None:
    leo = pages.member("Leo Brandt", Role.MANAGER)
    where = f"people/members/{leo.pk}/"
    assert chief.post(pages.url(where + "role/"), {"role": "chief"}).status_code == 302
    leo.refresh_from_db()
    assert leo.role == Role.CHIEF
    chief.post(pages.url(where + "end/"))
    leo.refresh_from_db()
    assert leo.ended_on == TODAY
    assert pages.as_member(leo).get(pages.url("people/")).status_code == 404


def test_a_refused_change_says_why(pages, chief) -> None:
    mara = pages.manager("Mara Holt", of="Birk")
    page = chief.post(pages.url(f"people/members/{mara.pk}/end/"), follow=True)
    assert "hand them over first" in text(page)
    assert Membership.objects.of(pages.world.program).get(pk=mara.pk).ended_on is None


def test_a_manager_sets_the_own_cover_and_the_cover_sees_and_answers(pages, say) -> None:
    mara = pages.manager("Mara Holt", of="Birk")
    leo = pages.manager("Leo Brandt", of="Cedar")
    birk = f"partners/{pages.world.partners['Birk'].pk}/"
    browser = pages.as_member(leo)
    assert browser.get(pages.url(birk)).status_code == 404
    days = {"cover": leo.pk, "since": TODAY.isoformat(), "until": TODAY.isoformat()}
    own = pages.as_member(mara).post(pages.url(f"people/members/{mara.pk}/cover/"), days)
    assert own.status_code == 302
    assert browser.get(pages.url(birk)).status_code == 200
    assert "Leo Brandt stands in for Mara Holt" in text(browser.get(pages.url("people/")))


def test_a_manager_sets_no_cover_for_others_and_changes_no_role(pages) -> None:
    mara, leo = pages.manager("Mara Holt", of="Birk"), pages.member("Leo Brandt", Role.MANAGER)
    browser = pages.as_member(mara)
    assert browser.get(pages.url(f"people/members/{leo.pk}/")).status_code == 403
    own = pages.url(f"people/members/{mara.pk}/role/")
    assert browser.post(own, {"role": "owner"}).status_code == 403


def test_partners_and_their_open_feedback_go_and_come_back(pages, chief, say, work_through) -> None:
    mara, leo = pages.manager("Mara Holt", of="Birk"), pages.member("Leo Brandt", Role.MANAGER)
    say("Eva Lind", {"communication_accuracy": 3}, words="Release notes come too late.")
    work_through()
    where = f"people/members/{mara.pk}/"
    given = {"taker": leo.pk, "partners": [pages.world.partners["Birk"].pk]}
    chief.post(pages.url(where + "hand-over/"), given)
    mine = pages.url("inbox/?mine=1")
    assert "Release notes" in text(pages.as_member(leo).get(mine))
    done = HandOver.objects.of(pages.world.program).get()
    chief.post(pages.url(where + "take-back/"), {"row": done.pk})
    assert "Release notes" in text(pages.as_member(mara).get(mine))
    assert "Release notes" not in text(pages.as_member(leo).get(mine))
    current = PartnerAssignment.objects.of(pages.world.program).current(TODAY)
    assert current.get().member == mara


def test_departments_are_made_and_changed(pages, chief) -> None:
    lea = pages.member("Lea Voss", Role.LEAD)
    given = {"department-name": "Support", "department-lead": lea.pk}
    wrong = chief.post(
        pages.url("people/departments/"), {**given, "department-weekly_capacity": "many"}
    )
    assert wrong.status_code == 400
    assert "whole number" in text(wrong)
    chief.post(pages.url("people/departments/"), {**given, "department-weekly_capacity": "12"})
    made = Department.objects.of(pages.world.program).get()
    assert (made.lead, made.weekly_capacity) == (lea, 12)
    again = chief.post(
        pages.url("people/departments/"), {**given, "department-weekly_capacity": "1"}
    )
    assert "already" in text(again)
    edit = pages.url(f"people/departments/{made.pk}/")
    chief.post(edit, {**given, "department-name": "Care", "department-weekly_capacity": "3"})
    made.refresh_from_db()
    assert (made.key, made.name, made.weekly_capacity) == ("support", "Care", 3)


def test_somebody_is_invited_once_more_and_uninvited(pages, chief) -> None:
    chief.post(
        pages.url("people/invitations/"), {"email": "new@northwind.example", "role": "manager"}
    )
    made = MemberInvitation.objects.of(pages.world.program).get()
    assert "new@northwind.example" in text(chief.get(pages.url("people/")))
    for step in ("again", "revoke"):
        chief.post(pages.url(f"people/invitations/{made.pk}/{step}/"))
    made.refresh_from_db()
    assert made.revoked_at is not None
    owner = {"email": "other@northwind.example", "role": "owner"}
    assert chief.post(pages.url("people/invitations/"), owner).status_code == 403
    bad = chief.post(
        pages.url("people/invitations/"), {"email": "nobody", "role": "lead"}, follow=True
    )
    assert "whole e-mail address" in text(bad)


def test_a_manager_enters_a_contact_at_an_own_partner_only(pages) -> None:
    browser = pages.as_member(pages.manager("Mara Holt", of="Birk"))
    world = pages.world
    elsewhere = {**NINA, "place-partner": world.partners["Cedar"].pk}
    assert browser.post(pages.url("people/contacts/new/"), elsewhere).status_code == 400
    here = {**NINA, "place-partner": world.partners["Birk"].pk}
    assert browser.post(pages.url("people/contacts/new/"), here).status_code == 302
    nina = Contact.objects.of(world.program).get(name="Nina Holm")
    assert nina.entered_by is not None
    assert nina.entered_by.user.name == "Mara Holt"
    assert "Another contact has this address" in text(
        browser.post(pages.url("people/contacts/new/"), here)
    )


def test_a_manager_sees_the_people_of_own_partners_only(pages) -> None:
    browser = pages.as_member(pages.manager("Mara Holt", of="Birk"))
    listed = text(browser.get(pages.url("people/contacts/")))
    assert "Eva Lind" in listed
    assert "Ana Keller" not in listed
    ana = pages.world.people["Ana Keller"].pk
    for path in ("", "edit/"):
        assert browser.get(pages.url(f"people/contacts/{ana}/{path}")).status_code == 404


def test_the_page_of_a_contact_is_the_same_whether_they_answered_or_not(
    pages, chief, work_through
) -> None:
    world = pages.world
    pulse = world.pulse(
        launched_at=NOW - timedelta(days=1),
        closes_at=NOW + timedelta(days=27),
        modes=["named", "confidential"],
    )
    ask = world.ask("Ana Keller", pulse=pulse, at=NOW, keys=("communication_open_low",))
    where = pages.url(f"people/contacts/{world.people['Ana Keller'].pk}/")
    before = without_tokens(chief.get(where))
    assert "Why was Ana Keller asked?" in before
    for mode in (Mode.CONFIDENTIAL, Mode.NAMED):
        said = Submission(ratings={}, words={ask.asked[0]: "Too late, always."}, mode=mode)
        receive(ask, said, at=NOW)
        work_through()
        assert without_tokens(chief.get(where)) == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "could be asked and was not drawn"),
        ({"stopped_at": NOW - timedelta(days=9)}, "asked us to stop asking"),
        ({"entered_at": NOW}, "was entered after the last pulse"),
    ],
)
def test_one_sentence_says_why_somebody_was_not_asked(pages, chief, change, says) -> None:
    pages.world.pulse(launched_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(days=27))
    gita = pages.world.people["Gita Rao"]
    Contact.objects.of(pages.world.program).filter(pk=gita.pk).update(**change)
    page = text(chief.get(pages.url(f"people/contacts/{gita.pk}/")))
    assert "Why was Gita Rao not asked?" in page
    assert says in page


def test_a_person_leaves_and_a_manager_sees_them_no_more(pages) -> None:
    browser = pages.as_member(pages.manager("Mara Holt", of="Birk"))
    eva, birk = pages.world.people["Eva Lind"], pages.world.partners["Birk"]
    where = pages.url(f"people/contacts/{eva.pk}/")
    assert browser.post(where + "leave/", {"partner": birk.pk}).status_code == 302
    assert browser.get(where).status_code == 404


def test_a_new_address_is_signed_and_dated(pages, chief) -> None:
    eva = pages.world.people["Eva Lind"]
    given = {key: NINA[key] for key in ("contact-language", "contact-time_zone")}
    given |= {"contact-name": "Eva Lind", "contact-email": "eva.lind@birk.example"}
    assert chief.post(pages.url(f"people/contacts/{eva.pk}/edit/"), given).status_code == 302
    eva.refresh_from_db()
    assert (eva.addressed_at, eva.addressed_by) == (NOW, pages.world.priya)


def test_the_log_names_who_and_which_field_and_can_be_narrowed(pages, chief) -> None:
    leo = pages.member("Leo Brandt", Role.MANAGER)
    chief.post(pages.url(f"people/members/{leo.pk}/role/"), {"role": "lead"})
    page = text(chief.get(pages.url("people/log/")))
    assert "changed a role" in page
    assert "Priya Raman" in page
    other = f"people/log/?who=user:{leo.user_id}"
    assert "Nothing here" in text(chief.get(pages.url(other)))
    later = "people/log/?since=2030-01-01&until=nonsense"
    assert "Nothing here" in text(chief.get(pages.url(later)))


def test_the_log_leaves_as_a_file_with_the_rows_of_the_screen(pages, chief) -> None:
    leo = pages.member("Leo Brandt", Role.MANAGER)
    chief.post(pages.url(f"people/members/{leo.pk}/role/"), {"role": "lead"})
    answer = chief.get(pages.url("people/log/?export=csv"))
    told = b"".join(answer.streaming_content).decode()
    assert told.count("changed a role") == 1
    assert AuditEntry.objects.filter(action="table.exported").count() == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LEAD, Role.EXECUTIVE])
def test_the_log_is_for_those_who_run_the_program(pages, role) -> None:
    browser = pages.as_member(pages.member("Nora Dahl", role))
    assert browser.get(pages.url("people/log/")).status_code == 403
    assert browser.get(pages.url("people/departments/")).status_code == 403


def test_every_kind_of_entry_has_words() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    missing = [kind for kind in people_log_words.DONE if f'"{kind}"' not in source]
    assert [kind for kind in missing if not kind.startswith("feedback.")] == []
