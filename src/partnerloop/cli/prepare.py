"""What `partnerloop run` does before anything serves: database, static files, demo, links.

Each step looks first and does nothing when nothing is to be done, so that a second start is quick.
"""

import hashlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from partnerloop import __version__
from partnerloop.accounts.models import Membership, Role
from partnerloop.cli.people import door_of
from partnerloop.cli.welcome import Door
from partnerloop.core import clock
from partnerloop.demo.doors import guests
from partnerloop.demo.loading import load
from partnerloop.loop.founding import Founding, found
from partnerloop.partners.visiting import portal_url
from partnerloop.programs.models import Program
from partnerloop.pulses.tokens import answer_url, invitation_token

# What an empty installation begins with; its owner gives it a name in the first of three steps.
FIRST = Founding(
    slug="partners",
    name="Partner program",
    vendor_name="Our company",
    owner_email="owner@localhost",
    owner_name="Owner",
)


def prepare(*, wants_demo: bool) -> None:
    """This will make the installation ready and print the doors as one line of JSON."""
    try:
        bring_database_up()
    except DatabaseError as wrong:
        click.echo(f"Error: The database cannot be used: {wrong}", err=True)
        raise SystemExit(1) from None
    collect_static_files(settings.STATIC_ROOT)
    doors = _demo_doors() if wants_demo else _owner_doors()
    sys.stdout.write(json.dumps([asdict(door) for door in doors]) + "\n")


def bring_database_up() -> None:
    """This will apply the migrations that the database lacks, telling how many."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        click.echo(f"Preparing the database ({connection.vendor}, {len(plan)} steps) ...", err=True)
        call_command("migrate", interactive=False, verbosity=0)


def collect_static_files(root: Path) -> None:
    """This will gather and compress styles and scripts when they differ from last time."""
    mark = root / ".gathered-from"
    now = _fingerprint()
    if mark.exists() and mark.read_text() == now:
        return
    click.echo("Gathering styles and scripts ...", err=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=root.exists())
    mark.write_text(now)


def _fingerprint() -> str:
    seen = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            seen.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _demo_doors() -> list[Door]:
    """This will load the demo program once, and let a newcomer in through everybody's eyes."""
    at = clock.now()
    program = Program.objects.filter(is_demo=True).first()
    if program is None:
        click.echo("Letting a year of the demo program happen ...", err=True)
        program = load(at=at).program
    chosen = guests(program, at=at)
    ask = answer_url(invitation_token(chosen.invitation.pk))
    return [
        Door(f"Channel chief ({chosen.chief.name})", door_of(chosen.chief)),
        Door(f"Partner manager ({chosen.manager.name})", door_of(chosen.manager)),
        Door(
            f"Partner's own page ({chosen.contact.name}, {chosen.partner.name})",
            portal_url(chosen.contact, chosen.partner, at=at),
        ),
        Door(f"An invitation ({chosen.contact.name}, {chosen.partner.name})", ask),
    ]


def _owner_doors() -> list[Door]:
    """This will let in the owners of programs that are not set up: no mail reaches them yet."""
    if not Program.objects.exists():
        found(FIRST, at=clock.now())
    owners = Membership.objects.across_programs().filter(
        role=Role.OWNER, ended_on__isnull=True, program__setup_finished_at__isnull=True
    )
    return [
        Door(f"Owner of {member.program.name}", door_of(member.user))
        for member in owners.select_related("user", "program").order_by("pk")
    ]
