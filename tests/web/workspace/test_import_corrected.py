"""Correcting rows on the check page: one, or all that say the same; managers who are no members."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partnerloop.accounts.models import Role
from partnerloop.partners.importing.keeping import shelf_of
from partnerloop.partners.models import Contact, ImportRun, PartnerAssignment
from tests.web.workspace.test_importing import HAL, HEAD, KEYS, shown

WRONG = "Dunlin,NA,Ida Poe,ida@dunlin,sales\n"
ROLES = "".join(f"Dunlin,NA,P{n},p{n}@dunlin.example,seller\n" for n in range(3))
MANAGED = "partner,region,contact,email,role,manager\nDunlin,NA,Hal,hal@dunlin.example,sales,Mona\n"


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path) -> None:
    settings.PARTNERLOOP_HOME = tmp_path


@pytest.fixture
def begin(chief, pages):
    def checked(text: str, *, columns: tuple[str, ...] = KEYS):
        file = SimpleUploadedFile("list.csv", text.encode())
        answer = chief.post(pages.url("start/import/"), {"file": file}, follow=True)
        run = answer.redirect_chain[-1][0]
        named = {f"column-{place}": key for place, key in enumerate(columns)}
        return run, shown(chief.post(f"{run}columns/", named, follow=True))

    return checked


def test_a_row_is_corrected_on_the_spot_and_saved(pages, chief, begin) -> None:
    run, page = begin(HEAD + HAL + WRONG)
    assert "1 row needs you" in page
    assert 'value="ida@dunlin"' in page
    given = {"row": "3", "column": "email", "value": "ida@dunlin.example"}
    after = shown(chief.post(f"{run}fix/", given, follow=True))
    assert "Every row is ready" in after
    chief.post(f"{run}confirm/")
    people = Contact.objects.of(pages.world.program).filter(email__endswith="@dunlin.example")
    assert set(people.values_list("name", flat=True)) == {"Hal Moss", "Ida Poe"}


def test_a_correction_that_is_wrong_again_says_so_again(chief, begin) -> None:
    run, _ = begin(HEAD + HAL + WRONG)
    given = {"row": "3", "column": "email", "value": "ida@"}
    after = shown(chief.post(f"{run}fix/", given, follow=True))
    assert "1 row needs you" in after
    assert 'value="ida@"' in after


def test_the_same_wrong_thing_is_corrected_everywhere_at_once(chief, begin) -> None:
    run, page = begin(HEAD + ROLES)
    assert "Correct all like it" in page
    given = {"row": "2", "column": "role", "value": "sales"}
    one = shown(chief.post(f"{run}fix/", {**given, "where": "here"}, follow=True))
    assert "2 rows need you" in one
    given["row"] = "3"
    every = shown(chief.post(f"{run}fix/", {**given, "where": "everywhere"}, follow=True))
    assert "Every row is ready" in every


@pytest.mark.parametrize(
    "given",
    [
        {"row": "99", "column": "email", "value": "x"},
        {"row": "x", "column": "email", "value": "x"},
        {"row": "3", "column": "none", "value": "x"},
        {"row": "3", "column": "", "value": "x"},
        {},
    ],
)
def test_a_correction_of_nothing_changes_nothing(chief, begin, given) -> None:
    run, _ = begin(HEAD + HAL + WRONG)
    before = list(shelf_of(ImportRun.objects.across_programs().get().pk).lines())
    after = shown(chief.post(f"{run}fix/", given, follow=True))
    assert "1 row needs you" in after
    assert list(shelf_of(ImportRun.objects.across_programs().get().pk).lines()) == before


def test_a_saved_import_is_corrected_no_more(pages, chief, begin) -> None:
    run, _ = begin(HEAD + HAL + WRONG)
    chief.post(f"{run}confirm/")
    given = {"row": "3", "column": "email", "value": "ida@dunlin.example"}
    after = shown(chief.post(f"{run}fix/", given, follow=True))
    assert "Check the file first" in after
    assert not Contact.objects.of(pages.world.program).filter(name="Ida Poe").exists()


def test_managers_who_are_no_members_are_imported_first_or_left_out(pages, chief, begin) -> None:
    columns = (*KEYS, "manager")
    run, page = begin(MANAGED, columns=columns)
    assert "These managers are no members yet" in page
    assert "No row is ready to be saved." in page
    assert "there is nothing to save" not in page
    mona = pages.member("Mona", Role.MANAGER)
    again = shown(chief.post(f"{run}check/", follow=True))
    assert "Every row is ready" in again
    chief.post(f"{run}confirm/")
    assert PartnerAssignment.objects.of(pages.world.program).filter(member=mona).exists()


def test_managers_can_be_left_out_for_now(pages, chief, begin) -> None:
    run, _ = begin(MANAGED, columns=(*KEYS, "manager"))
    after = shown(chief.post(f"{run}without/", {"column": "manager"}, follow=True))
    assert "Every row is ready" in after
    needed = chief.post(f"{run}without/", {"column": "email"})
    assert needed.status_code == 400
    assert "Still needed: E-mail." in shown(needed)
