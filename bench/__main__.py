"""Runs the benchmarks: ``python -m bench NAME``; without a name it lists them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from bench import (
    acceptance,
    answers,
    changing,
    importing,
    pages,
    planning,
    quality,
    release,
    silence,
    speed,
    watching,
)
from bench.age import ages, mark
from bench.report import Section, Size, markdown, renew, renew_figures

PAGE = Path("docs/methods/results.md")
FIGURES = Path("bench/results")
ROOT = Path()


@click.group()
def main() -> None:
    """Measures what the engine claims, with the baselines in the same run."""


Sections = Mapping[str, Callable[[Size], list[Section]]]


@dataclass(frozen=True, slots=True)
class Usual:
    """How large a bench is where nothing is said: in whole, and with --quick."""

    seeds: int = 1
    partners: int = 2000
    quick_seeds: int = 1
    quick_partners: int = 2000


def _bench(name: str, told: str, known: Sections, usual: Usual, *, stored: str = "") -> None:
    """This will add a command that runs sections, with the options that all of them have."""

    @main.command(name, help=told)
    @click.option("--quick", is_flag=True, help="One seed and fewer worlds, <= 10 minutes.")
    @click.option("--seeds", type=int, help=f"Number of seeds (usually {usual.seeds}).")
    @click.option("--partners", type=int, help=f"Partners per world (usually {usual.partners}).")
    @click.option("--processes", type=int, default=2, show_default=True)
    @click.option("--only", multiple=True, help="Only these sections.")
    @click.option("--write", is_flag=True, help=f"Renew the tables in {PAGE}.")
    def run(
        *,
        quick: bool,
        seeds: int | None,
        partners: int | None,
        processes: int,
        only: tuple[str, ...],
        write: bool,
    ) -> None:
        size = Size(
            quick=quick,
            seeds=seeds or (usual.quick_seeds if quick else usual.seeds),
            partners=partners or (usual.quick_partners if quick else usual.partners),
            processes=processes,
        )
        _run(stored or name, known, size=size, only=only, write=write)


@main.command("answers")
@click.option("--responses", type=click.IntRange(50, 20000), default=600, show_default=True)
@click.option(
    "--database",
    "databases",
    multiple=True,
    type=click.Choice(["sqlite", "postgresql"]),
    default=["sqlite", "postgresql"],
    show_default=True,
)
def answers_command(*, responses: int, databases: tuple[str, ...]) -> None:
    """Stored responses a second and CPU per response, over HTTP, on a running installation."""
    answers.main(responses=responses, databases=databases)


@main.command("ages")
def ages_command() -> None:
    """When each table of the results was measured, and whether its code has changed since."""
    for age in ages(PAGE.read_text(), root=ROOT):
        click.echo(f"{age.key}: {age.measured} {'current' if age.current else 'older code'}")


def _run(
    name: str,
    known: Sections,
    *,
    size: Size,
    only: tuple[str, ...],
    write: bool,
) -> None:
    unknown = set(only) - set(known)
    if unknown:
        raise click.BadParameter(f"no section {sorted(unknown)}; there are {sorted(known)}")
    if write and size.quick:
        raise click.UsageError("a quick run is for a look: the page keeps the full figures")
    today = time.strftime("%Y-%m-%d", time.gmtime())
    for key, measure in known.items():
        if only and key not in only:
            continue
        begun = time.monotonic()
        found = measure(size)
        for section in found:
            click.echo(markdown(section) + "\n")
        click.echo(f"({key}: {time.monotonic() - begun:.0f} s)\n")
        renew_figures(FIGURES / f"{name}.json", found)
        if write:  # at once, so that a run that is stopped has not been in vain
            renew(PAGE, found, measured=mark(today, measure.__module__, root=ROOT))


_bench(
    "quality",
    "Errors, coverage and everything statistical, in simulated worlds.",
    quality.SECTIONS,
    Usual(seeds=5, quick_partners=1000),
)
_bench(
    "scenarios",
    "The acceptance scenarios that chance decides, on what may be shown.",
    {**acceptance.SECTIONS, "change": changing.change},
    Usual(seeds=5, partners=300, quick_partners=300),
)
_bench(
    "speed", "Time and memory of live updates, states and whole rescores.", speed.SECTIONS, Usual()
)
_bench(
    "importing", "Time and memory of an import of 100,000 contacts.", importing.SECTIONS, Usual()
)
_bench(
    "release",
    "What is visible by number of contacts, small partners and demo; seconds of a weekly tick.",
    release.SECTIONS,
    Usual(quick_partners=300),
)
_bench(
    "pages",
    "Milliseconds of the main pages on the server, and the share of the gate in them.",
    pages.SECTIONS,
    Usual(partners=300, quick_partners=40),
)
_bench(
    "planning",
    "Time and memory of planning a pulse for 100,000 contacts.",
    planning.SECTIONS,
    Usual(),
)
_bench(
    "calibrate",
    "Thresholds of the alarms: the constants in partnerloop.engine.watching.",
    {"watching": watching.calibrate, "silence": silence.calibrate, "today": acceptance.calibrate},
    Usual(seeds=5, partners=800, quick_seeds=5, quick_partners=800),
    stored="thresholds",
)
main(prog_name="bench")
