"""Commands for outside evaluators and BI people: plain files in, plain files out, no database."""

from collections.abc import Callable
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import click

from partnerloop.cli.log_alarms import AlarmRow, Rates, watch
from partnerloop.cli.log_choices import Choice, ChoiceRow, pick
from partnerloop.cli.log_files import write_table
from partnerloop.cli.log_history import read_history
from partnerloop.cli.log_scores import ScoreRow, score
from partnerloop.engine.choosing import Policy
from partnerloop.engine.watching import DAILY_LIST, STRICT, THRESHOLDS, Detector

FLOORS_ONLY = Policy(business=0.35, sharpness=3.0, cell_ratio=None)


def _days(_: click.Context, __: click.Parameter, value: str) -> list[float]:
    try:
        days = [int(part) for part in value.split(",")]
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a list of whole days such as 365,400") from None
    if min(days) < 0:
        raise click.BadParameter(f"day {min(days)} lies before day 0")
    return [float(day) for day in days]


def _folder_of(_: click.Context, __: click.Parameter, out: Path) -> Path:
    """A folder that isn't there is told before the work, not after it."""
    if not out.parent.is_dir():
        raise click.BadParameter(f"{out.parent} is not a folder")
    return out


def _files(command: Callable[..., None]) -> Callable[..., None]:
    place = click.Path(path_type=Path, dir_okay=False)
    for name in ("out", "answers", "asks", "contacts", "partners"):
        command = click.option(
            f"--{name}",
            type=place,
            required=True,
            metavar="FILE",
            help="Where to write (.csv or .parquet)." if name == "out" else f"The {name} file.",
            callback=_folder_of if name == "out" else None,
        )(command)
    return command


@click.command("score-log")
@_files
@click.option("--at", callback=_days, required=True, help="Days to score, such as 365,400.")
def score_log(
    partners: Path, contacts: Path, asks: Path, answers: Path, out: Path, at: list[float]
) -> None:
    """Score every partner's metrics on given days from plain files."""
    history = read_history(partners, contacts, asks, answers)
    _write(out, ScoreRow, [astuple(row) for row in score(history, days=at)])


@click.command("choose-log")
@_files
@click.option("--at", type=click.IntRange(min=0), required=True, help="The day of asking.")
@click.option("--budget", type=click.IntRange(min=0), required=True, help="How many to ask.")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Seed of the draw.")
@click.option(
    "--design",
    type=click.Choice(["overall", "rotate"]),
    default="overall",
    show_default=True,
    help="partnerscore and two dimensions, or three dimensions.",
)
@click.option(
    "--mode",
    type=click.Choice(["bounds", "floors"]),
    default="bounds",
    show_default=True,
    help="With bounds on chances inside a role and segment, or with floors only.",
)
@click.option(
    "--gap", type=click.IntRange(min=0), default=14, show_default=True, help="Days between asks."
)
def choose_log(
    partners: Path,
    contacts: Path,
    asks: Path,
    answers: Path,
    out: Path,
    at: int,
    budget: int,
    seed: int,
    design: str,
    mode: str,
    gap: int,
) -> None:
    """Draw whom to ask on a day, and what, from plain files."""
    history = read_history(partners, contacts, asks, answers)
    choice = Choice(
        day=float(at),
        budget=budget,
        seed=seed,
        rotate=design == "rotate",
        policy=Policy() if mode == "bounds" else FLOORS_ONLY,
        gap=float(gap),
    )
    _write(out, ChoiceRow, [astuple(row) for row in pick(history, choice=choice)])


_RATE = click.FloatRange(min(THRESHOLDS[Detector.DROP]), max(THRESHOLDS[Detector.DROP]))


@click.command("watch-log")
@_files
@click.option("--at", callback=_days, required=True, help="Days to look, such as 365,372,379.")
@click.option("--list-rate", type=_RATE, default=DAILY_LIST, show_default=True)
@click.option("--pager-rate", type=_RATE, default=STRICT, show_default=True)
@click.option("--silence-rate", type=_RATE, default=DAILY_LIST, show_default=True)
def watch_log(
    partners: Path,
    contacts: Path,
    asks: Path,
    answers: Path,
    out: Path,
    at: list[float],
    list_rate: float,
    pager_rate: float,
    silence_rate: float,
) -> None:
    """Tell the alarms of given days from plain files.

    Rates are false alarms per partner and year.
    """
    history = read_history(partners, contacts, asks, answers)
    rates = Rates(daily_list=list_rate, pager=pager_rate, silence=silence_rate)
    _write(out, AlarmRow, [astuple(row) for row in watch(history, days=at, rates=rates)])


def _write(out: Path, kind: type[Any], rows: list[tuple[Any, ...]]) -> None:
    write_table(out, [field.name for field in fields(kind)], rows)
    click.echo(f"{out}: {len(rows)} rows")


commands = [score_log, choose_log, watch_log]
