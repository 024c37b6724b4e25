"""The command that brings a file in: a dry run, unless it is told to save."""

from pathlib import Path

import click
from django.db import DatabaseError

from partnerloop.accounts.models import Membership
from partnerloop.cli.people import NOT_READY
from partnerloop.core import clock
from partnerloop.core.words import count, counted
from partnerloop.partners.importing.beginning import NotNow, Upload, begin, forget
from partnerloop.partners.importing.checking import Finding, check
from partnerloop.partners.importing.recognising import missing
from partnerloop.partners.importing.saving import confirm, save
from partnerloop.partners.importing.shapes import SHAPES
from partnerloop.partners.importing.tables import UnreadableFile
from partnerloop.partners.models import ImportKind, ImportRun, ImportState, ImportTemplate
from partnerloop.programs.models import Program

MOST_SHOWN = 20


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--program", "slug", required=True, metavar="SLUG", help="Into which program.")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in ImportKind]), help="What the file holds."
)
@click.option("--template", metavar="NAME", help="A saved template that names the columns.")
@click.option("--by", "email", metavar="EMAIL", help="The member in whose name it is done.")
@click.option("--confirm", "is_confirmed", is_flag=True, help="Save; without it nothing is saved.")
def import_file(
    file: Path,
    slug: str,
    kind: str | None,
    template: str | None,
    email: str | None,
    is_confirmed: bool,
) -> None:
    """Import a CSV or XLSX file: check it, and save it with --confirm."""
    try:
        program = _program(slug)
        by = _member(program, email)
        upload = Upload(
            file,
            file.name,
            kind=ImportKind(kind) if kind else None,
            template=_template(program, template),
        )
        run = begin(program, upload, by=by, at=clock.now())
        _bring(run, by=by, is_confirmed=is_confirmed)
    except (UnreadableFile, NotNow) as why:
        raise click.ClickException(str(why)) from None
    except DatabaseError:
        raise click.ClickException(NOT_READY) from None


def _bring(run: ImportRun, *, by: Membership | None, is_confirmed: bool) -> None:
    is_saved = False
    try:
        lacking = missing(SHAPES[ImportKind(run.kind)], run.mapping)
        if lacking:
            raise click.ClickException(
                f"No column was recognised for: {', '.join(lacking)}. Name the columns once on the "
                "import page, keep that as a template, and give it with --template."
            )
        finding = check(run, by=by, at=clock.now())
        _tell(run, finding)
        if not is_confirmed:
            click.echo("Nothing has been saved. Add --confirm to save.")
            return
        if not finding.ready:
            raise click.ClickException("No row can be used: nothing has been saved.")
        confirm(run, by=by, at=clock.now())
        is_saved = True
        save(run, at=clock.now())
        if run.state == ImportState.FAILED:
            raise click.ClickException(run.failure)
        click.echo(f"Saved {counted(run.counts['saved'], 'row', 'rows')}.")
    finally:
        if not is_saved:
            forget(run)


def _tell(run: ImportRun, finding: Finding) -> None:
    kind, rows = run.get_kind_display(), counted(finding.rows, "row", "rows")
    click.echo(f"{run.file_name}: {kind}, {rows}, {run.described}.")
    left_out = [name for name, key in zip(run.header, run.mapping, strict=True) if not key]
    if left_out:
        click.echo(f"Columns left out: {', '.join(left_out)}.")
    for problem in finding.problems[:MOST_SHOWN]:
        where = f"row {problem['row']}, {problem['column']}" if problem["column"] else "row"
        click.echo(f"  {where}: {problem['says']}", err=True)
    if len(finding.problems) > MOST_SHOWN:
        click.echo(f"  and {count(len(finding.problems) - MOST_SHOWN)} more.", err=True)
    outcomes = [f"{count(finding.outcomes[key])} {key}" for key in ("new", "changed", "same")]
    click.echo(f"Rows: {', '.join(outcomes)}, {count(len(finding.wrong))} left out.")


def _program(slug: str) -> Program:
    program = Program.objects.filter(slug=slug).first()
    if program is None:
        raise click.ClickException(f"There is no program “{slug}” here.")
    return program


def _member(program: Program, email: str | None) -> Membership | None:
    if email is None:
        return None
    members = Membership.objects.of(program).filter(ended_on__isnull=True)
    member = members.filter(user__email__iexact=email.strip()).first()
    if member is None:
        raise click.ClickException(f"No member of this program has the address {email}.")
    if not member.runs_program:
        raise click.ClickException(f"{email} may not import: owners and channel chiefs may.")
    return member


def _template(program: Program, name: str | None) -> ImportTemplate | None:
    if name is None:
        return None
    template = ImportTemplate.objects.of(program).filter(name=name).first()
    if template is None:
        raise click.ClickException(f"There is no template “{name}” in this program.")
    return template
