"""When something goes wrong, people read plain words in the look of the product, and no trace."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from partnerloop.accounts.models import Role
from partnerloop.partners.importing import opening


def assert_plain(page, status: int, says: str) -> None:
    assert page.status_code == status
    assert says in page.text
    assert "partnerloop/tokens.css" in page.text
    assert not page.cookies
    for trace in ("Traceback", "Exception", "csrfmiddleware", "urlpatterns", "Request Method"):
        assert trace not in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nothing/here/", "/p/nobodys-program/x/"])
def test_an_address_that_leads_nowhere(client, address) -> None:
    assert_plain(client.get(address), 404, "There is nothing here")


def test_somebody_elses_program_looks_like_none(pages, chief) -> None:
    assert_plain(chief.get("/p/nobodys-program/"), 404, "There is nothing here")


def test_what_a_role_may_not_do_names_the_roles_that_may(pages) -> None:
    reader = pages.as_member(pages.member("Elin Berg", Role.EXECUTIVE))
    page = reader.get(pages.url("settings/"))
    assert_plain(page, 403, "This page is for: Owner, Channel chief.")


def test_a_form_without_its_token(pages) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(pages.world.priya.user)
    assert_plain(strict.post("/theme/", {"theme": "dark"}), 403, "Please press again")


def test_a_broken_page_says_so_even_when_the_database_is_away() -> None:
    """No database is given to this test, so that every look into it fails."""
    visitor = Client(raise_request_exception=False)
    assert_plain(visitor.get("/promise/northwind"), 500, "Something broke on our side")


def test_more_than_a_form_may_hold(pages, chief, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    page = chief.post(
        pages.url("settings/"),
        f"name={'x' * 2_000}",
        content_type="application/x-www-form-urlencoded",
    )
    assert_plain(page, 400, "This could not be read")


def test_a_file_that_is_too_large_is_refused_on_the_page_that_asks_for_it(
    pages, chief, monkeypatch
) -> None:
    monkeypatch.setattr(opening, "LARGEST", 1_000_000)
    large = SimpleUploadedFile("large.csv", b"partner,contact\n" * 80_000, content_type="text/csv")
    page = chief.post(pages.url("start/import/"), {"file": large})
    assert "1 MB is the most" in page.text
    assert 'type="file"' in page.text


def test_the_address_of_a_button_loaded_anew(pages, chief) -> None:
    page = chief.get(pages.url("start/finish/"), headers={"Accept": "text/html"})
    assert_plain(page, 405, "Only a button leads here")
    assert page.headers["Allow"] == "POST"


def test_a_program_that_uses_a_wrong_method_gets_no_page(pages, chief) -> None:
    answer = chief.get(pages.url("start/finish/"), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.content) == (405, b"")
