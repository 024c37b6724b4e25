"""Whoever gives a person another address gets at none of their open asks, by hand or by a file."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from partnerloop.core import outbox
from partnerloop.core.models import Event, Message
from partnerloop.loop.asking import write_invitations
from partnerloop.loop.readdressing import change_contact
from partnerloop.loop.worker import react
from partnerloop.partners.contacting import Particulars
from partnerloop.partners.importing.beginning import Upload, begin
from partnerloop.partners.importing.checking import check
from partnerloop.partners.importing.saving import confirm, save
from partnerloop.partners.models import ImportKind
from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import invitation_token
from tests.world import MONDAY, World

HEAD = "Contact ID,Email,Account Name,Role\n"
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def ask(world: World) -> Invitation:
    pulse = world.pulse(launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28))
    return world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=("partnerscore",))


@pytest.fixture
def bring(world: World, tmp_path: Path, settings: Settings):
    settings.PARTNERLOOP_HOME = tmp_path

    def brought(row: str, *, at: datetime) -> None:
        path = tmp_path / "people.csv"
        path.write_text(HEAD + row)
        run = begin(
            world.program,
            Upload(path, "people.csv", kind=ImportKind.CONTACTS),
            by=world.priya,
            at=at,
        )
        assert not check(run, by=world.priya, at=at).problems
        confirm(run, by=world.priya, at=at)
        save(run, at=at)
        assert run.state == "saved", run.failure

    return brought


def work_through() -> None:
    while events := outbox.lease(Event, worker="test", at=LATER, limit=50):
        for event in events:
            react(event, at=LATER)


def is_open(ask: Invitation) -> bool:
    ask.refresh_from_db()
    return ask.expires_at > LATER


def test_by_hand_the_open_ask_ends(world: World, ask: Invitation) -> None:
    ana = world.people["Ana Keller"]
    change_contact(
        ana, Particulars(ana.name, "mine@alder.example", "", ""), by=world.priya, at=LATER
    )
    assert not is_open(ask)


def test_by_a_file_the_open_ask_ends_as_well(world: World, ask: Invitation, bring) -> None:
    bring("A1,ana@alder.example,Alder & Finch,technical\n", at=MONDAY)
    work_through()
    assert is_open(ask)
    bring("A1,mine@alder.example,Alder & Finch,technical\n", at=LATER)
    work_through()
    assert not is_open(ask)
    page = Client().get(f"/a/{invitation_token(ask.pk)}")
    assert "partnerscore" not in page.text


def test_a_file_that_changes_a_name_ends_no_ask(world: World, ask: Invitation, bring) -> None:
    bring("A1,ana@alder.example,Alder & Finch,sales\n", at=LATER)
    work_through()
    assert is_open(ask)


def test_mails_that_wait_for_the_old_address_are_withdrawn(
    world: World, ask: Invitation, bring
) -> None:
    bring("A1,ana@alder.example,Alder & Finch,technical\n", at=MONDAY)
    for key, to in (("old", "Ana@alder.example"), ("other", "ben@alder.example")):
        Message.objects.create(
            key=key, program_id=world.program.pk, purpose="reminder", to=to, subject="s",
            text="t", created_at=MONDAY, available_at=MONDAY,
        )  # fmt: skip
    bring("A1,mine@alder.example,Alder & Finch,technical\n", at=LATER)
    assert [mail.key for mail in Message.objects.all()] == ["other"]


def test_a_mail_not_yet_written_goes_to_nobody_elses_address(world: World, ask: Invitation) -> None:
    ana = world.people["Ana Keller"]
    type(ana).objects.of(world.program).filter(pk=ana.pk).update(
        email="mine@alder.example", addressed_at=LATER
    )
    payload = {"program": world.program.pk, "invitations": [str(ask.pk)]}
    event = Event(kind="pulse.launched", key="x", program_id=world.program.pk, payload=payload)
    write_invitations(event, LATER)
    assert not Message.objects.exists()
