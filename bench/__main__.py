"""Runs the benchmarks: ``python -m bench NAME``; without a name it lists them."""

import time
from collections.abc import Callable, Mapping
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


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--quick", is_flag=True, help="One seed and fewer worlds, <= 10 minutes."),
        click.option("--seeds", type=int, help="Number of seeds (5; quick 1)."),
        click.option("--partners", type=int, help="Partners per world (2000; quick 1000)."),
        click.option("--processes", type=int, default=2, show_default=True),
        click.option("--only", multiple=True, help="Only these sections."),
        click.option("--write", is_flag=True, help=f"Renew the tables in {PAGE}."),
    ):
        command = option(command)
    return command


@main.command("quality")
@_options
def quality_command(
    *,
    quick: bool,
    seeds: int | None,
    partners: int | None,
    processes: int,
    only: tuple[str, ...],
    write: bool,
) -> None:
    """Errors, coverage and everything statistical, in simulated worlds."""
    size = Size(
        quick=quick,
        seeds=seeds or (1 if quick else 5),
        partners=partners or (1000 if quick else 2000),
        processes=processes,
    )
    _run("quality", quality.SECTIONS, size=size, only=only, write=write)


@main.command("scenarios")
@_options
def scenarios_command(
    *,
    quick: bool,
    seeds: int | None,
    partners: int | None,
    processes: int,
    only: tuple[str, ...],
    write: bool,
) -> None:
    """The acceptance scenarios that chance decides, on what may be shown."""
    size = Size(
        quick=quick,
        seeds=seeds or (1 if quick else 5),
        partners=partners or 300,
        processes=processes,
    )
    _run(
        "scenarios",
        {**acceptance.SECTIONS, "change": changing.change},
        size=size,
        only=only,
        write=write,
    )


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


@main.command("speed")
@_options
def speed_command(
    *,
    quick: bool,
    seeds: int | None,
    partners: int | None,
    processes: int,
    only: tuple[str, ...],
    write: bool,
) -> None:
    """Time and memory of live updates, states and whole rescores."""
    size = Size(quick=quick, seeds=seeds or 1, partners=partners or 2000, processes=processes)
    _run("speed", speed.SECTIONS, size=size, only=only, write=write)


@main.command("importing")
@_options
def importing_command(
    *,
    quick: bool,
    seeds: int | None,
    partners: int | None,
    processes: int,
    only: tuple[str, ...],
    write: bool,
) -> None:
    """Time and memory of an import of 100,000 contacts."""
    size = Size(quick=quick, seeds=seeds or 1, partners=partners or 2000, processes=processes)
    _run("importing", importing.SECTIONS, size=size, only=only, write=write)


@main.command("release")
@_options
def release_command(
    *,
    quick: bool,
    seeds: int | None,
    partners: int | None,
    processes: int,
    only: tuple[str, ...],
    write: bool,
) -> None:
    """What is visible by number of contacts, small partners and demo; seconds of a weekly tick."""
    size = Size(
        quick=quick,
        seeds=seeds or 1,
        partners=partners or (300 if quick else 2000),
        processes=processes,
    )
    _run("release", release.SECTIONS, size=size, only=only, write=write)


@main.command("pages")
@_options
def pages_command(
    *,
    quick: bool,
    seeds: int | None,
    partners: int | None,
    processes: int,
    only: tuple[str, ...],
    write: bool,
) -> None:
    """Milliseconds of the main pages on the server, and the share of the gate in them."""
    size = Size(
        quick=quick,
        seeds=seeds or 1,
        partners=partners or (40 if quick else 300),
        processes=processes,
    )
    _run("pages", pages.SECTIONS, size=size, only=only, write=write)


@main.command("planning")
@_options
def planning_command(
    *,
    quick: bool,
    seeds: int | None,
    partners: int | None,
    processes: int,
    only: tuple[str, ...],
    write: bool,
) -> None:
    """Time and memory of planning a pulse for 100,000 contacts."""
    size = Size(quick=quick, seeds=seeds or 1, partners=partners or 2000, processes=processes)
    _run("planning", planning.SECTIONS, size=size, only=only, write=write)


@main.command("calibrate")
@_options
def calibrate_command(
    *,
    quick: bool,
    seeds: int | None,
    partners: int | None,
    processes: int,
    only: tuple[str, ...],
    write: bool,
) -> None:
    """Thresholds of the alarms: the constants in partnerloop.engine.watching."""
    size = Size(quick=quick, seeds=seeds or 5, partners=partners or 800, processes=processes)
    known: dict[str, Callable[[Size], list[Section]]] = {
        "watching": watching.calibrate,
        "silence": silence.calibrate,
        "today": acceptance.calibrate,
    }
    _run("thresholds", known, size=size, only=only, write=write)


def _run(
    name: str,
    known: Mapping[str, Callable[[Size], list[Section]]],
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


@main.command("ages")
def ages_command() -> None:
    """When each table of the results was measured, and whether its code has changed since."""
    for age in ages(PAGE.read_text(), root=ROOT):
        click.echo(f"{age.key}: {age.measured} {'current' if age.current else 'older code'}")


main(prog_name="bench")
