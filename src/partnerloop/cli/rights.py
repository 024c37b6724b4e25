"""Commands about the rights of the people who are asked."""

from collections.abc import Callable
from pathlib import Path

import click

from partnerloop.core import clock
from partnerloop.loop.rights import as_csv, as_json, copy_for_vendor, erase, erase_again, rekey
from partnerloop.partners.models import Contact
from partnerloop.programs.models import Program


@click.group()
def person() -> None:
    """Export or erase a person; renew pseudonyms."""


@person.command()
@click.argument("email")
@click.option("--program", "slug", required=True, help="In which program.")
@click.option("--format", "kind", type=click.Choice(["json", "csv"]), default="json")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Into which file.")
def export(email: str, slug: str, kind: str, output: Path | None) -> None:
    """Write what is kept of a person. Unnamed answers go to the person alone, by their link."""
    written: Callable[..., str] = as_json if kind == "json" else as_csv
    told = written(copy_for_vendor(_contact(slug, email)))
    if output is None:
        click.echo(told)
        return
    output.write_text(told, encoding="utf-8")
    click.echo(f"Written to {output}.")


@person.command("erase")
@click.argument("email")
@click.option("--program", "slug", required=True, help="In which program.")
@click.confirmation_option(prompt="This cannot be undone. Erase this person?")
def erase_person(email: str, slug: str) -> None:
    """Erase a person. No average changes; the address is never written to again."""
    erase(_contact(slug, email), by="system", at=clock.now())
    click.echo("Erased. The address is kept as a hash, so that nobody writes to it again.")


@person.command("erase-again")
def erase_restored() -> None:
    """Erase those whom a restored backup brought back; the daily upkeep does so too."""
    click.echo(f"{erase_again(at=clock.now())} erased.")


@person.command("rekey")
@click.option("--program", "slug", required=True, help="In which program.")
def rekey_program(slug: str) -> None:
    """Give everybody new pseudonyms, for named and for confidential answers."""
    click.echo(f"{rekey(_program(slug), at=clock.now())} pseudonyms are new.")


def _program(slug: str) -> Program:
    program = Program.objects.filter(slug=slug).first()
    if program is None:
        raise click.ClickException(f"There is no program {slug}.")
    return program


def _contact(slug: str, email: str) -> Contact:
    program = _program(slug)
    contact = Contact.objects.of(program).filter(email__iexact=email.strip()).first()
    if contact is None:
        raise click.ClickException(f"Nobody in {slug} has the address {email}.")
    return contact
