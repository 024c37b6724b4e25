"""The commands that write a program's questions to a file, and load one: a dry run unless told."""

from pathlib import Path

import click

from partnerloop.accounts.models import Membership
from partnerloop.core import clock
from partnerloop.core.words import counted
from partnerloop.programs.models import Program
from partnerloop.pulses.filing.loading import Checked, UnusableFile, check, load
from partnerloop.pulses.filing.writing import write


@click.group()
def bank() -> None:
    """Write the questions of a program to a file, or load them from one."""


@bank.command()
@click.option("--program", "slug", required=True, metavar="SLUG", help="Of which program.")
@click.option("--language", default="en", metavar="TAG", help="In which language (en).")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Into which file.")
def export(slug: str, language: str, output: Path | None) -> None:
    """Write all questions with their newest words in one language."""
    told = write(_program(slug), language=language)
    if output is None:
        click.echo(told, nl=False)
        return
    output.write_text(told, encoding="utf-8")
    click.echo(f"Written to {output}.")


@bank.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--program", "slug", required=True, metavar="SLUG", help="Into which program.")
@click.option("--by", "email", metavar="EMAIL", help="The member in whose name it is done.")
@click.option("--confirm", "is_confirmed", is_flag=True, help="Save; without it nothing is saved.")
def import_bank(file: Path, slug: str, email: str | None, is_confirmed: bool) -> None:
    """Load questions from a file: say what changes, and save it with --confirm."""
    program = _program(slug)
    by = _member(program, email) if email else None
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file.name} is not a text file in UTF-8.") from None
    checked = check(program, text)
    _tell(file, checked)
    if checked.problems:
        raise click.ClickException("Nothing has been saved: put these lines right first.")
    if not is_confirmed:
        click.echo("Nothing has been saved. Add --confirm to save.")
        return
    try:
        saved = load(program, text, by=by, at=clock.now())
    except UnusableFile as why:
        raise click.ClickException(str(why)) from None
    click.echo(f"Saved {counted(len(saved.all_changes), 'change', 'changes')}.")


def _tell(file: Path, checked: Checked) -> None:
    for problem in checked.problems:
        click.echo(f"{file.name}, line {problem.line}: {problem.says}", err=True)
    for change in checked.all_changes:
        click.echo(f"{file.name}, line {change.told.line}: {change.told.key}: {change.says}")
    click.echo(f"{counted(checked.same, 'question stays', 'questions stay')} as before.")


def _program(slug: str) -> Program:
    program = Program.objects.filter(slug=slug).first()
    if program is None:
        raise click.ClickException(f"There is no program “{slug}” here.")
    return program


def _member(program: Program, email: str) -> Membership:
    members = Membership.objects.of(program).filter(ended_on__isnull=True)
    member = members.filter(user__email__iexact=email.strip()).first()
    if member is None:
        raise click.ClickException(f"No member of this program has the address {email}.")
    if not member.runs_program:
        raise click.ClickException(f"{email} may not do this: owners and channel chiefs may.")
    return member
