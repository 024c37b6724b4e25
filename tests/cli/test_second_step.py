"""The operator's way for a member who lost every second step."""

import pytest
from click.testing import CliRunner

from partnerloop.accounts.models import User
from partnerloop.accounts.second_step import new_codes, steps_of
from partnerloop.cli.main import main
from tests.world import MONDAY

pytestmark = pytest.mark.django_db


def test_every_second_step_is_forgotten() -> None:
    user = User.objects.create_user("mara@northwind.example", name="Mara", at=MONDAY)
    new_codes(user)
    done = CliRunner().invoke(main, ["reset-second-step", "Mara@northwind.example"])
    assert done.exit_code == 0, done.output
    assert steps_of(user).codes_left == 0


def test_an_unknown_address_is_said_so() -> None:
    done = CliRunner().invoke(main, ["reset-second-step", "nobody@northwind.example"])
    assert done.exit_code == 1
    assert "Nobody with the address" in done.output
