import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from django.conf import settings
from django.db import connection
from django.test import Client

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.cli.main import PLACES, main
from partnerloop.core import clock
from partnerloop.pulses.models import Question


def call(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_it_lists_every_command_with_what_it_does() -> None:
    shown = call("--help").output
    for name, place in PLACES.items():
        assert name in shown
        assert place.summary in shown


@pytest.mark.parametrize("name", PLACES)
def test_every_command_is_where_the_list_says_and_explains_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert command.help


def test_a_command_that_does_not_exist_is_refused() -> None:
    refused = call("launch")
    assert refused.exit_code == 2
    assert "No such command 'launch'" in refused.output


def test_looking_at_help_and_version_does_not_set_django_up() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from partnerloop.cli.main import main;"
        "print([CliRunner().invoke(main, [w]).exit_code for w in ('--version', '--help')],"
        "'django.db.models' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout == "[0, 0] False\n"


def alone(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call the command in a process of its own, as from a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "partnerloop", *words],
        env={
            "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
            "PARTNERLOOP_HOME": str(home),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.once
def test_migrate_prepares_an_empty_folder_and_check_is_content(tmp_path: Path) -> None:
    before = alone(tmp_path, "check")
    assert (before.returncode, before.stdout) == (1, "")
    assert "run `partnerloop migrate`" in before.stderr
    assert alone(tmp_path, "migrate").returncode == 0
    after = alone(tmp_path, "check")
    assert (after.returncode, after.stderr) == (0, "")
    assert "All is well" in after.stdout


@pytest.mark.once
def test_check_points_at_a_misspelled_setting(tmp_path: Path) -> None:
    checked = alone(tmp_path, "check", PARTNERLOOP_PROT="8000")
    assert checked.returncode == 1
    assert "PARTNERLOOP_PROT is set, but no such setting exists." in checked.stderr


@pytest.mark.once
@pytest.mark.parametrize("command", ["check", "run", "migrate"])
def test_a_wrong_setting_stops_every_command_with_one_sentence(
    tmp_path: Path, command: str
) -> None:
    refused = alone(tmp_path, command, PARTNERLOOP_PORT="eighty")
    assert refused.returncode == 1
    assert refused.stderr == (
        "Error: PARTNERLOOP_PORT is 'eighty': use a whole number from 1 to 65534.\n"
    )


@pytest.mark.once
@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_database_that_cannot_be_reached_is_said_plainly(tmp_path: Path, command: str) -> None:
    url = f"postgres://nobody@/none?host={tmp_path}"
    refused = alone(tmp_path, command, PARTNERLOOP_DATABASE_URL=url, PARTNERLOOP_DATABASE_POOL="0")
    assert refused.returncode == 1
    assert "The database cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.once
def test_a_data_directory_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = alone(tmp_path / "file" / "home", "run")
    assert refused.returncode == 1
    assert "Set PARTNERLOOP_HOME to a folder you may write to." in refused.stderr


@pytest.mark.parametrize("port", ["0", "65535", "http"])
def test_run_refuses_a_port_that_is_none(port: str) -> None:
    assert call("run", "--port", port).exit_code == 2


def test_run_refuses_a_part_that_does_not_exist() -> None:
    refused = call("run", "--only", "webb")
    assert refused.exit_code == 2
    assert "scheduler" in refused.output


@pytest.mark.django_db
def test_a_sign_in_link_lets_its_member_in_once() -> None:
    User.objects.create_user("priya@northwind.example", name="Priya", at=clock.now())
    link = call("sign-in-link", " Priya@Northwind.example ").output.strip()
    assert link.startswith(f"{settings.PARTNERLOOP_URL}/s/")
    path = link.removeprefix(settings.PARTNERLOOP_URL)
    visitor = Client()
    assert visitor.post(path).status_code == 302
    assert "_auth_user_id" in visitor.session
    assert Client().post(path).status_code == 410


@pytest.mark.django_db
def test_nobody_gets_a_link_who_is_not_a_member_or_no_longer_active() -> None:
    User.objects.create_user("gone@northwind.example", name="G", at=clock.now(), is_active=False)
    for address in ("gone@northwind.example", "stranger@northwind.example", "%"):
        refused = call("sign-in-link", address)
        assert refused.exit_code == 1
        assert f"Nobody with the address {address} may sign in here." in refused.output


@pytest.mark.django_db
def test_add_program_founds_one_that_asks_for_its_first_steps() -> None:
    made = call("add-program", "acme", "--owner", "Chief@acme.example", "--vendor", "Acme")
    assert made.exit_code == 0, made.output
    member = Membership.objects.across_programs().get(program__slug="acme")
    assert (member.role, member.user.email) == (Role.OWNER, "chief@acme.example")
    assert member.program.setup_finished_at is None
    assert Question.objects.of(member.program).exists()
    assert "/s/" in made.output


@pytest.mark.django_db
def test_an_owner_may_have_several_programs_and_keeps_the_password() -> None:
    owner = User.objects.create_user("chief@acme.example", name="Chief", at=clock.now())
    owner.set_password("correct horse battery")
    owner.save()
    for slug in ("acme", "acme-labs"):
        assert call("add-program", slug, "--owner", "CHIEF@acme.example").exit_code == 0
    owner.refresh_from_db()
    assert owner.check_password("correct horse battery")
    assert owner.memberships.across_programs().count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "owner", "why"),
    [
        ("Acme Inc", "chief@acme.example", "Enter a valid"),
        ("-acme", "chief@acme.example", "Use a-z, 0-9 and hyphens."),
        ("acme", "nobody", "Enter a valid email address."),
    ],
)
def test_add_program_says_what_is_wrong_and_makes_nothing(slug: str, owner: str, why: str) -> None:
    refused = call("add-program", "--owner", owner, "--", slug)
    assert refused.exit_code == 1
    assert why in refused.output
    assert not User.objects.exists()
    assert not Membership.objects.across_programs().exists()


@pytest.mark.django_db
def test_a_taken_slug_is_refused() -> None:
    assert call("add-program", "acme", "--owner", "a@acme.example").exit_code == 0
    refused = call("add-program", "acme", "--owner", "b@acme.example")
    assert refused.exit_code == 1
    assert "already exists" in refused.output


@pytest.mark.django_db
def test_without_tables_the_remedy_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_user RENAME TO elsewhere")
    assert "partnerloop migrate" in call("sign-in-link", "a@acme.example").output


@pytest.mark.django_db
def test_manage_passes_words_on_and_says_plainly_what_is_wrong() -> None:
    assert call("manage", "check", "--deploy", "--fail-level", "CRITICAL").exit_code == 0
    refused = call("manage", "loaddata", "nothing-here")
    assert refused.exit_code == 1
    assert "No fixture named 'nothing-here' found." in refused.output
