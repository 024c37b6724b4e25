"""Commands about the demo program."""

import click
from django.db import DatabaseError

from partnerloop.cli.people import NOT_READY
from partnerloop.core import clock
from partnerloop.demo.loading import DemoAlreadyLoaded, load
from partnerloop.demo.scenario import FEWEST, MIXES
from partnerloop.demo.world import DEFAULT_SEED


@click.group("demo")
def demo() -> None:
    """The demo program: an invented vendor, its partners, and a year that happened to them."""


@demo.command("load")
@click.option(
    "--partners",
    type=click.IntRange(FEWEST, 5000),
    default=300,
    show_default=True,
    help="How many partner companies; there are eight times as many contacts.",
)
@click.option("--seed", type=click.IntRange(0), default=DEFAULT_SEED, show_default=True)
@click.option(
    "--mix",
    type=click.Choice(list(MIXES)),
    default="50/40",
    show_default=True,
    help="Share of people who answer named / confidential.",
)
def load_demo(partners: int, seed: int, mix: str) -> None:
    """Load the demo program; the same seed tells the same year."""
    try:
        loaded = load(at=clock.now(), seed=seed, partners=partners, mix=mix)
    except DemoAlreadyLoaded:
        raise click.ClickException(
            "The demo program is here already. Look at it, or start with an empty database."
        ) from None
    except DatabaseError:
        raise click.ClickException(NOT_READY) from None
    click.echo(
        f"{loaded.program.name}: {len(loaded.partner_ids)} partners, "
        f"{len(loaded.contact_ids)} contacts, {loaded.invitations} invitations, "
        f"{loaded.responses} responses, {loaded.comments} comments."
    )
