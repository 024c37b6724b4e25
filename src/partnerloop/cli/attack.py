"""`partnerloop attack`: the built-in adversary, on worlds in memory and on a program's answers."""

import click

from partnerloop.core import clock
from partnerloop.programs.models import Program
from partnerloop.release.adversary.attacking import Outcome
from partnerloop.release.adversary.moving import Switched
from partnerloop.release.adversary.rules import switched_off
from partnerloop.release.adversary.running import attacked
from partnerloop.release.adversary.trying import Tried


@click.command("attack")
@click.option("--program", "slug", required=True, metavar="SLUG", help="Whose rules and answers.")
@click.option("--worlds", default=4, show_default=True, type=click.IntRange(1, 50))
@click.option("--seed", default=7, show_default=True, type=click.IntRange(0))
@click.option("--rules", is_flag=True, help="Also switch off one rule at a time.")
def attack(slug: str, worlds: int, seed: int, *, rules: bool) -> None:
    """Try to find out single answers; exit status 1 where a promise does not hold."""
    program = Program.objects.filter(slug=slug).first()
    if program is None:
        raise click.ClickException(f"There is no program {slug}.")
    found = attacked(program, worlds=worlds, seed=seed, at=clock.now())
    click.echo("A year of polling by somebody who knows all rules, and who answered what when:")
    for row in found.worlds:
        click.echo(_tried(row))
    click.echo(_own(found.own))
    click.echo(f"Figures that follow answers which only wait: {found.moved}.")
    switched = switched_off(seed=seed) if rules else []
    for one in switched:
        click.echo(_switched(one))
    if not found.holds or not all(one.rises for one in switched):
        raise click.ClickException("A promise does not hold: see the lines above.")
    click.echo("Every promise holds; the page on promises shows this run.")


def _tried(row: Tried) -> str:
    outcome = row.outcome
    helped = {0: "nobody helping", 1: "1 person helping"}.get(
        row.helpers, f"{row.helpers} people helping"
    )
    told = f"  {row.world} world, {helped} at each company: {outcome.sure} sure of "
    told += f"{outcome.targets:,}, best guess right {_share(outcome.exact)} "
    told += f"(an honest mean: {_share(outcome.honest)}; may be {row.may_beat:.0f} points more), "
    told += f"unhappiest person named {_share(outcome.unhappiest)} "
    return told + f"(by chance {_share(outcome.unhappiest_chance)})"


def _own(own: Outcome | None) -> str:
    if own is None:
        return "Own answers: none is stored that could be attacked."
    told = f"Own answers: {own.sure} sure of {own.targets:,}, best guess right {_share(own.exact)}"
    return f"{told} (an honest mean: {_share(own.honest)})."


def _switched(one: Switched) -> str:
    told = f"  without {one.rule}: {one.without:.0f} % instead of {one.with_rule:.0f} %"
    return f"{told} ({one.what}; must reach {one.at_least:.0f} %)"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"
