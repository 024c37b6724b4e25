"""Three steps from nothing to the first pulse, through the pages alone."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from partnerloop.loop.founding import Founding, found
from partnerloop.partners.models import Contact, Partner
from partnerloop.pulses.models import Invitation, Pulse
from tests.web.conftest import NOW

FILE = (
    "partner;domain;type;tier;region;country;contact;email;role;language\n"
    "Alder;alder.example;integrator;Gold;NA;US;Ana Keller;ana@alder.example;technical;en\n"
    "Alder;alder.example;integrator;Gold;NA;US;Ben Okafor;ben@alder.example;sales;en\n"
)


@pytest.fixture
def owner(db) -> Client:
    member = found(Founding("fresh", "Fresh", "Fresh Ltd", "olga@fresh.example", "Olga"), at=NOW)
    client = Client()
    client.force_login(member.user)
    return client


def uploaded(text: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("list.csv", text.encode(), content_type="text/csv")}


def check(owner: Client, text: str) -> tuple[str, str]:
    """Upload a file and take its columns as they were recognised; returned are its run and page."""
    columns = owner.post("/p/fresh/start/import/", uploaded(text), follow=True)
    run = columns.redirect_chain[-1][0]
    chosen = re.findall(r'name="(column-\d+)".*?<option value="(\w+)" selected', columns.text, re.S)
    return run, owner.post(f"{run}columns/", dict(chosen), follow=True).text


def test_from_nothing_to_the_first_pulse(owner) -> None:
    assert owner.get("/p/fresh/", follow=True).redirect_chain == [("/p/fresh/start/", 302)]
    named = {
        "naming-name": "Fresh Partners",
        "naming-vendor_name": "Fresh Ltd",
        "naming-language": "en",
        "naming-time_zone": "Europe/Berlin",
        "naming-currency": "EUR",
    }
    assert owner.post("/p/fresh/start/name/", named).url == "/p/fresh/start/"
    owner.post("/p/fresh/settings/mail-test/", {"from": "start"})
    run, checked = check(owner, FILE)
    assert "Every row is ready" in checked
    assert not Partner.objects.across_programs().exists()
    owner.post(f"{run}confirm/")
    assert Contact.objects.across_programs().count() == 2
    assert "1 partner, 2 contacts." in owner.get("/p/fresh/start/").text
    owner.post("/p/fresh/pulses/new/", {"name": "First", "modes": ["named"]})
    pulse = Pulse.objects.across_programs().get()
    sent = owner.post(f"/p/fresh/pulses/{pulse.pk}/send/", follow=True)
    assert "Sent to 2 people at 1 partner." in sent.text
    assert Invitation.objects.across_programs().count() == 2
    assert owner.get("/p/fresh/").status_code == 200


def test_the_last_step_waits_for_contacts(owner) -> None:
    page = owner.get("/p/fresh/start/").text
    assert "After step 2" in page
    assert "/p/fresh/pulses/new/" not in page


def test_the_steps_can_be_left_for_later(owner) -> None:
    assert owner.post("/p/fresh/start/finish/").url == "/p/fresh/"
    assert owner.get("/p/fresh/").status_code == 200


def test_a_wrong_row_is_named_and_the_others_can_be_saved(owner) -> None:
    run, checked = check(owner, FILE + "Birk;;;;;;Eva;eva;boss;\n")
    assert "1 row needs you" in checked
    assert "eva" in checked
    owner.post(f"{run}confirm/")
    assert Contact.objects.across_programs().count() == 2


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "Choose a file first."),
        (uploaded(""), "empty"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(owner, given, says) -> None:
    answer = owner.post("/p/fresh/start/import/", given)
    assert answer.status_code == 400
    assert says in answer.text
