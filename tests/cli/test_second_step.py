"""The operator's ways for members who cannot get in."""

from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from django.test import Client

from partnerloop.accounts.inviting import invite
from partnerloop.accounts.models import SignOn, User
from partnerloop.accounts.second_step import new_codes, steps_of
from partnerloop.cli.main import main
from partnerloop.core.models import AuditEntry, Message
from tests.world import MONDAY, make_world

pytestmark = pytest.mark.django_db


def test_every_second_step_is_forgotten() -> None:
    user = User.objects.create_user("mara@northwind.example", name="Mara", at=MONDAY)
    new_codes(user)
    done = CliRunner().invoke(main, ["reset-second-step", "Mara@northwind.example"])
    assert done.exit_code == 0, done.output
    assert steps_of(user).codes_left == 0


def test_whose_second_step_was_taken_away_is_told_by_mail() -> None:
    make_world("northwind")
    done = CliRunner().invoke(main, ["reset-second-step", "priya@northwind.example"])
    assert done.exit_code == 0, done.output
    assert Message.objects.get().subject == "Your second step was taken away"


def test_an_unknown_address_is_said_so() -> None:
    done = CliRunner().invoke(main, ["reset-second-step", "nobody@northwind.example"])
    assert done.exit_code == 1
    assert "Nobody with the address" in done.output


def test_single_sign_on_is_demanded_no_more() -> None:
    world = make_world("northwind")
    SignOn.objects.create(
        program=world.program,
        issuer="https://login.example",
        client_id="x",
        secret_sealed="y",
        worked_at=MONDAY,
        enforced_at=MONDAY,
        break_glass=world.priya,
    )
    done = CliRunner().invoke(main, ["sign-on-optional", "northwind"])
    assert done.exit_code == 0, done.output
    assert SignOn.objects.of(world.program).get().enforced_at is None
    again = CliRunner().invoke(main, ["sign-on-optional", "northwind"])
    assert "No program northwind demands" in again.output


def test_the_operator_prints_the_way_in_of_somebody_invited() -> None:
    world = make_world("northwind")
    invite(world.program, email="new@northwind.example", role="manager", by=world.priya, at=MONDAY)
    done = CliRunner().invoke(main, ["sign-in-link", "New@northwind.example"])
    assert done.exit_code == 0, done.output
    page = Client().get(urlsplit(done.output.strip()).path)
    assert "invites you as Partner manager" in page.text
    assert AuditEntry.objects.filter(actor="system", action="member.invitation_sent_again").exists()
