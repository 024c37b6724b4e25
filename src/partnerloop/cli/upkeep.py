"""Commands that keep an installation in order."""

from io import StringIO

import click
from django.conf import settings
from django.core.management import CommandError, call_command, execute_from_command_line
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection


@click.command()
def migrate() -> None:
    """Bring the database up to this version; safe to repeat."""
    try:
        call_command("migrate", interactive=False, verbosity=1)
    except DatabaseError as wrong:
        raise click.ClickException(f"The database cannot be used: {wrong}") from None


@click.command()
def check() -> None:
    """Look for mistakes in settings and database; exit status 1 when there are any."""
    problems = [
        f"{name} is set, but no such setting exists." for name in settings.ENVIRONMENT.unknown()
    ]
    try:
        # it reports on its own output when all is well: ours says so once
        call_command("check", databases=["default"], stdout=StringIO())
        call_command("migrate", check_unapplied=True, verbosity=0, stdout=StringIO())
    except SystemCheckError as wrong:
        problems.append(str(wrong))
    except DatabaseError as wrong:
        problems.append(f"The database cannot be used: {wrong}")
    except SystemExit:
        problems.append("The database lacks migrations: run `partnerloop migrate`.")
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise SystemExit(1)
    click.echo(f"All is well: {connection.vendor}, data in {settings.PARTNERLOOP_HOME}.")


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    add_help_option=False,
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Call one of Django's own commands, e.g. `partnerloop manage dbshell`."""
    try:
        execute_from_command_line(["partnerloop manage", *words])
    except CommandError as wrong:
        raise click.ClickException(str(wrong)) from None
