"""The import wizard, as a member meets it: four steps, a download, an undo, and nobody else's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partnerloop.accounts.models import Role
from partnerloop.core.models import Event
from partnerloop.loop.schedule import daily_purge
from partnerloop.loop.worker import work_once
from partnerloop.partners.importing import running
from partnerloop.partners.importing.keeping import shelf_of
from partnerloop.partners.models import Contact, ImportRun, ImportState, ImportTemplate, Partner
from tests.web.conftest import NOW

HEAD = "partner,region,contact,email,role\n"
HAL = "Dunlin,NA,Hal Moss,hal@dunlin.example,sales\n"
KEYS = ("partner", "region", "name", "email", "role")
NAMED = {f"column-{place}": key for place, key in enumerate(KEYS)}


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path) -> None:
    settings.PARTNERLOOP_HOME = tmp_path


@pytest.fixture
def begin(chief, pages):
    """Choose a file; return the address of its run and what the page shows."""

    def begun(text: str | bytes, *, name: str = "list.csv", **more):
        content = text.encode() if isinstance(text, str) else text
        file = SimpleUploadedFile(name, content)
        answer = chief.post(pages.url("start/import/"), {"file": file, **more}, follow=True)
        return (answer.redirect_chain or [("", 0)])[-1][0], answer

    return begun


def shown(response) -> str:
    return response.content.decode()


def test_four_steps_lead_from_a_file_to_saved_rows_and_back(chief, pages, begin) -> None:
    run, columns = begin(HEAD + HAL)
    assert "5 of 5 columns recognised" in shown(columns)
    checked = chief.post(f"{run}columns/", {**NAMED, "template": "CRM list"}, follow=True)
    assert "Every row is ready" in shown(checked)
    assert "Hal Moss" in shown(checked)
    assert "Save 1 row?" in shown(chief.get(f"{run}?step=confirm"))
    people = Contact.objects.of(pages.world.program).filter(name="Hal Moss")
    assert not people.exists()
    assert "Saved: 1 row<" in shown(chief.post(f"{run}confirm/", follow=True))
    assert people.exists()
    assert ImportTemplate.objects.of(pages.world.program).get().name == "CRM list"
    undone = chief.post(f"{run}undo/", follow=True)
    assert "The import is undone" in shown(undone)
    assert not people.exists()


def test_a_file_that_is_known_already_offers_nothing_to_save(chief, begin) -> None:
    run, _ = begin(HEAD + HAL)
    chief.post(f"{run}columns/", NAMED)
    chief.post(f"{run}confirm/")
    again, _ = begin(HEAD + HAL)
    checked = shown(chief.post(f"{again}columns/", NAMED, follow=True))
    assert "there is nothing to save" in checked
    assert "Continue to confirm" not in checked


def test_a_missing_column_is_asked_for_in_words(chief, begin) -> None:
    run, _ = begin(HEAD + HAL)
    answer = chief.post(f"{run}columns/", {**NAMED, "column-3": ""})
    assert answer.status_code == 400
    assert "Still needed: E-mail." in shown(answer)


def test_two_columns_of_one_meaning_are_named(chief, begin) -> None:
    run, _ = begin(HEAD + HAL)
    answer = chief.post(f"{run}columns/", {**NAMED, "column-1": "role"})
    assert "Two columns mean Role" in shown(answer)


def test_another_kind_reads_the_columns_anew(chief, begin) -> None:
    run, _ = begin("partner,region\nDunlin,NA\n")
    answer = chief.post(f"{run}columns/", {"kind": "customers"}, follow=True)
    assert '<option value="customers" selected>' in shown(answer)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "The file is empty"), (b"%PDF-1.7", "This is a PDF"), (b"a,b\n", "no rows")],
)
def test_a_file_that_can_not_be_read_is_refused_in_words(content, says, begin, pages) -> None:
    _, answer = begin(content)
    assert answer.status_code == 400
    assert says in shown(answer)
    assert not ImportRun.objects.of(pages.world.program).exists()


def test_two_files_at_once_are_refused_in_words(chief, pages) -> None:
    files = [SimpleUploadedFile(f"{n}.csv", (HEAD + HAL).encode()) for n in range(2)]
    answer = chief.post(pages.url("start/import/"), {"file": files})
    assert answer.status_code == 400
    assert "one file at a time" in shown(answer)


def test_no_file_is_asked_for_again(chief, pages) -> None:
    answer = chief.post(pages.url("start/import/"), {})
    assert "Choose a file first" in shown(answer)


def test_rows_that_are_wrong_are_shown_and_can_be_taken_home_safely(chief, begin) -> None:
    run, _ = begin(HEAD + HAL + "=cmd|x,NA,Ida,ida@,sales\n")
    checked = shown(chief.post(f"{run}columns/", NAMED, follow=True))
    assert "1 row needs you" in checked
    assert "not a whole address" in checked
    rows = chief.get(f"{run}problems.csv")
    assert "attachment" in rows["Content-Disposition"]
    assert "'=cmd|x" in rows.content.decode("utf-8-sig")
    assert "Saved: 1 row<" in shown(chief.post(f"{run}confirm/", follow=True))


def test_a_look_alike_is_told_apart_by_a_button(chief, begin, pages) -> None:
    run, _ = begin(HEAD + HAL.replace("Dunlin", "Birk GmbH", 1))
    checked = shown(chief.post(f"{run}columns/", NAMED, follow=True))
    assert "Looks like “Birk”" in checked
    told = {"name": "Birk GmbH", "answer": "same"}
    assert "Every row is ready" in shown(chief.post(f"{run}twin/", told, follow=True))
    chief.post(f"{run}confirm/")
    hal = Contact.objects.of(pages.world.program).get(name="Hal Moss")
    assert hal.affiliations.get().partner == pages.world.partners["Birk"]


def test_a_long_file_is_worked_on_by_the_worker(chief, begin, pages, monkeypatch) -> None:
    monkeypatch.setattr(running, "SHORT", 0)
    run, _ = begin(HEAD + HAL)
    waiting = shown(chief.post(f"{run}columns/", NAMED, follow=True))
    assert "Checking the rows" in waiting
    assert "Look again" in waiting
    assert "0 of 1 rows" in shown(chief.get(run, headers={"HX-Request": "true"}))
    work_once("w1", now=lambda: NOW)
    assert chief.get(run, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Every row is ready" in shown(chief.get(run))
    assert "Saving the rows" in shown(chief.post(f"{run}confirm/", follow=True))
    work_once("w1", now=lambda: NOW)
    assert "Saved: 1 row<" in shown(chief.get(run))
    assert "Undoing the import" in shown(chief.post(f"{run}undo/", follow=True))
    work_once("w1", now=lambda: NOW)
    assert "The import is undone" in shown(chief.get(run))
    assert not Partner.objects.of(pages.world.program).filter(name="Dunlin").exists()
    assert not Event.objects.filter(finished_at__isnull=True).exists()


def test_confirming_twice_saves_once(chief, begin, pages) -> None:
    run, _ = begin(HEAD + HAL)
    chief.post(f"{run}columns/", NAMED)
    chief.post(f"{run}confirm/")
    assert "confirmed already" in shown(chief.post(f"{run}confirm/", follow=True))
    assert Contact.objects.of(pages.world.program).filter(name="Hal Moss").count() == 1


def test_a_second_import_waits_for_the_first(chief, begin, pages) -> None:
    run, _ = begin(HEAD + HAL)
    chief.post(f"{run}columns/", NAMED)
    ImportRun.objects.create(
        program=pages.world.program,
        kind="partners",
        state=ImportState.SAVING,
        file_name="other.csv",
        created_at=NOW,
    )
    answer = shown(chief.post(f"{run}confirm/", follow=True))
    assert "Another import of this program is being saved" in answer


def test_an_import_that_was_never_confirmed_can_be_thrown_away(chief, begin, pages) -> None:
    run, _ = begin(HEAD + HAL)
    assert "Nothing was saved" in shown(chief.post(f"{run}forget/", follow=True))
    assert not ImportRun.objects.of(pages.world.program).exists()


@pytest.mark.parametrize("state", [ImportState.UPLOADED, ImportState.CHECKED])
def test_a_file_that_is_not_kept_any_more_is_asked_for_again(state, chief, begin, pages) -> None:
    run, _ = begin(HEAD + HAL)
    ImportRun.objects.of(pages.world.program).update(state=state)
    shelf_of(ImportRun.objects.of(pages.world.program).get().pk).forget()
    if state == ImportState.CHECKED:
        assert "not kept any more" in shown(chief.get(run))
    assert "not kept any more" in shown(chief.post(f"{run}columns/", NAMED, follow=True))


def test_a_manager_may_not_import(pages, begin) -> None:
    run, _ = begin(HEAD + HAL)
    manager = pages.as_member(pages.member("Tom Ferreira", Role.MANAGER))
    assert manager.get(pages.url("start/import/")).status_code == 403
    assert manager.get(run).status_code == 403
    assert manager.post(f"{run}confirm/").status_code == 403
    assert manager.get(f"{run}problems.csv").status_code == 403


def test_the_schedule_deletes_what_is_older_than_thirty_days(begin, pages) -> None:
    begin(HEAD + HAL)
    ImportRun.objects.of(pages.world.program).update(created_at=NOW.replace(year=2025))
    daily_purge(pages.world.program, NOW)
    assert not ImportRun.objects.of(pages.world.program).exists()
