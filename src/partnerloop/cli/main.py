"""The command `partnerloop`: its commands are imported only when they are called.

Importing late is what lets a command that needs no Django start without setting it up, and one
that does need it import models at the top of its module, like any other module.
"""

from dataclasses import dataclass
from importlib import import_module

import click

from partnerloop import __version__
from partnerloop.cli.django_setup import set_up_django


@dataclass(frozen=True)
class Place:
    """Where a command lives (`module:name`) and what it says in the list of commands."""

    address: str
    summary: str
    needs_django: bool


PLACES = {
    "run": Place(
        "partnerloop.cli.run:run", "Start everything: web, live updates, worker, scheduler.", False
    ),
    "migrate": Place(
        "partnerloop.cli.upkeep:migrate", "Bring the database up to this version.", True
    ),
    "check": Place(
        "partnerloop.cli.upkeep:check", "Look for mistakes in settings and database.", True
    ),
    "sign-in-link": Place(
        "partnerloop.cli.people:sign_in_link", "Print a one-time sign-in link for a member.", True
    ),
    "reset-second-step": Place(
        "partnerloop.cli.people:reset_second_step", "Let in a member who lost phone and keys.", True
    ),
    "sign-on-optional": Place(
        "partnerloop.cli.people:sign_on_optional", "Let members in beside single sign-on.", True
    ),
    "add-program": Place(
        "partnerloop.cli.people:add_program", "Found another program and name its owner.", True
    ),
    "import": Place(
        "partnerloop.cli.importing:import_file", "Bring a CSV or XLSX file into a program.", True
    ),
    "bank": Place(
        "partnerloop.cli.bank:bank", "Write or load the questions of a program as a file.", True
    ),
    "receive-mail": Place(
        "partnerloop.cli.receiving:receive_mail", "Take one mail from standard input.", True
    ),
    "attack": Place(
        "partnerloop.cli.attack:attack", "Try to find out single answers, as an adversary.", True
    ),
    "demo": Place("partnerloop.cli.demo:demo", "Load the demo program.", True),
    "score-log": Place("partnerloop.cli.logs:score_log", "Score partners from plain files.", False),
    "choose-log": Place(
        "partnerloop.cli.logs:choose_log", "Draw whom to ask from plain files.", False
    ),
    "watch-log": Place(
        "partnerloop.cli.logs:watch_log", "Tell the alarms from plain files.", False
    ),
    "person": Place(
        "partnerloop.cli.rights:person", "Export or erase a person; renew pseudonyms.", True
    ),
    "manage": Place("partnerloop.cli.upkeep:manage", "Call one of Django's own commands.", True),
}


class Commands(click.Group):
    """Finds a command by name and imports its module then, after Django where it needs that."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*PLACES, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = PLACES.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        if place.needs_django:
            set_up_django()
        module, _, name = place.address.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        eager = {name: command.get_short_help_str() for name, command in self.commands.items()}
        lazy = {name: place.summary for name, place in PLACES.items()}
        with formatter.section("Commands"):
            formatter.write_dl(list((lazy | eager).items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="Partnerloop %(version)s")
def main() -> None:
    """Partnerloop, the real-time partner feedback loop."""
