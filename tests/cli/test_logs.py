"""The commands on plain files, as an evaluator would call them: no database, no settings."""

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner, Result

from partnerloop.cli.logs import choose_log, score_log, watch_log

DIMENSIONS = (
    "communication",
    "conflict",
    "cooperation",
    "credibility",
    "mutual_interest",
    "social_bonding",
    "commitment",
)
Rows = list[list[object]]


def program(*, days: int = 420, partners: int = 12, fall_from: int = 10**6) -> dict[str, Rows]:
    """Three contacts per partner, asked every 28 days; the first partner falls on a day."""
    rng = np.random.default_rng(3)
    files: dict[str, Rows] = {
        "partners": [["partner", "type", "tier", "region", "weight"]],
        "contacts": [["contact", "partner", "role", "joined_day", "left_day"]],
        "asks": [["ask", "day", "contact", "metrics", "answered"]],
        "answers": [["ask", "day", "contact", "metric", "value"]],
    }
    level = rng.normal(7, 1, partners)
    for p in range(partners):
        files["partners"].append([f"p{p}", "reseller", "gold" if p % 2 else "silver", "NA", 1 + p])
        for c in range(3):
            role = ("sales", "technical", "marketing")[c]
            files["contacts"].append([f"p{p}c{c}", f"p{p}", role, 0, ""])
    for day in range(days):
        for p in range(partners):
            for c in range(3):
                if (day + 9 * c + p) % 28:
                    continue
                ask, answered = f"a{day}-{p}-{c}", int(rng.random() < 0.6)
                two = rng.choice(7, 2, replace=False)
                metrics = ["partnerscore", *(DIMENSIONS[m] for m in two)]
                files["asks"].append([ask, day, f"p{p}c{c}", " ".join(metrics), answered])
                low = 3.5 if p == 0 and day >= fall_from else 0.0
                for metric in metrics if answered else []:
                    value = int(np.clip(round(level[p] - low + rng.normal(0, 1)), 0, 10))
                    files["answers"].append([ask, day, f"p{p}c{c}", metric, value])
    return files


def write(folder: Path, files: dict[str, Rows]) -> list[str]:
    options = []
    for name, rows in files.items():
        path = folder / f"{name}.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        options += [f"--{name}", str(path)]
    return options


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def score(tmp_path: Path) -> Callable[..., Result]:
    def run(files: dict[str, Rows], *more: str) -> Result:
        options = [*write(tmp_path, files), "--out", str(tmp_path / "S.csv"), *more]
        return CliRunner().invoke(score_log, options)

    return run


def test_it_scores_every_partner_metric_and_day(tmp_path: Path, score: Callable) -> None:
    done = score(program(days=130, partners=5), "--at", "100,120")
    assert done.exit_code == 0, done.output
    rows = read(tmp_path / "S.csv")
    assert len(rows) == 5 * 8 * 2
    assert list(rows[0]) == [
        "partner",
        "metric",
        "day",
        "mean",
        "sd",
        "low80",
        "high80",
        "low95",
        "high95",
        "answers",
    ]
    for row in rows:
        ends = [float(row[k]) for k in ("low95", "low80", "mean", "high80", "high95")]
        assert ends == sorted(ends)
        assert 0 <= ends[0] <= ends[-1] <= 10


def test_later_answers_do_not_change_an_earlier_day(tmp_path: Path, score: Callable) -> None:
    score(program(days=120, partners=5), "--at", "80")
    whole = read(tmp_path / "S.csv")
    score(program(days=81, partners=5), "--at", "80")
    assert read(tmp_path / "S.csv") == whole


def test_days_scored_together_do_not_tell_each_other_anything(
    tmp_path: Path, score: Callable
) -> None:
    score(program(days=130, partners=5), "--at", "80,100,120")
    together = [row for row in read(tmp_path / "S.csv") if row["day"] == "80"]
    score(program(days=81, partners=5), "--at", "80")
    assert read(tmp_path / "S.csv") == together


def test_it_starts_without_a_database(tmp_path: Path) -> None:
    options = write(tmp_path, program(days=60, partners=5))
    code = "from partnerloop.cli.main import main; main()"
    command = [sys.executable, "-c", code, "score-log", *options, "--at", "50"]
    out = tmp_path / "S.csv"
    done = subprocess.run(
        [*command, "--out", str(out)], capture_output=True, text=True, check=False, env={}
    )
    assert done.returncode == 0, done.stderr
    assert len(read(out)) == 5 * 8


def test_parquet_gives_the_same_scores(tmp_path: Path, score: Callable) -> None:
    files = program(days=80, partners=4)
    score(files, "--at", "79")
    options = []
    for name in files:
        path = tmp_path / f"{name}.parquet"
        duckdb.read_csv(str(tmp_path / f"{name}.csv")).write_parquet(str(path))
        options += [f"--{name}", str(path)]
    out = tmp_path / "S.parquet"
    done = CliRunner().invoke(score_log, [*options, "--at", "79", "--out", str(out)])
    assert done.exit_code == 0, done.output
    found = duckdb.read_parquet(str(out)).fetchall()
    plain = read(tmp_path / "S.csv")
    assert [row[3] for row in found] == [float(row["mean"]) for row in plain]


def pick(tmp_path: Path, files: dict[str, Rows], *more: str) -> list[dict[str, str]]:
    out = tmp_path / "Q.csv"
    done = CliRunner().invoke(choose_log, [*write(tmp_path, files), "--out", str(out), *more])
    assert done.exit_code == 0, done.output
    return read(out)


def test_it_draws_contacts_with_questions_and_propensities(tmp_path: Path) -> None:
    rows = pick(tmp_path, program(), "--at", "365", "--budget", "6", "--seed", "1")
    assert len({row["contact"] for row in rows}) == 6
    for row in rows:
        first, *two = row["metrics"].split()
        assert first == "partnerscore"
        assert len(set(two)) == 2
        assert set(two) <= set(DIMENSIONS)
        assert 0 < float(row["propensity"]) <= 1


def test_the_seed_decides_the_draw(tmp_path: Path) -> None:
    files, more = program(), ("--at", "365", "--budget", "6")
    one, again, other = (pick(tmp_path, files, *more, "--seed", s) for s in ("1", "1", "2"))
    assert one == again
    assert one != other


def test_contacts_asked_a_week_ago_are_left_alone(tmp_path: Path) -> None:
    files = program()
    late = {row[2] for row in files["asks"][1:] if 351 < int(str(row[1])) <= 365}
    rows = pick(tmp_path, files, "--at", "365", "--budget", "99", "--seed", "1")
    assert not late & {row["contact"] for row in rows}
    assert len(rows) == 36 - len(late)
    assert {row["propensity"] for row in rows} == {"1.0"}


def test_three_dimensions_can_be_rotated(tmp_path: Path) -> None:
    more = ("--at", "365", "--budget", "6", "--seed", "1", "--design", "rotate", "--mode", "floors")
    for row in pick(tmp_path, program(), *more):
        assert len(set(row["metrics"].split()) & set(DIMENSIONS)) == 3


def test_a_fall_raises_an_alarm_on_the_day_it_is_known(tmp_path: Path) -> None:
    out = tmp_path / "W.csv"
    options = write(tmp_path, program(days=270, partners=5, fall_from=190))
    days = ",".join(str(day) for day in range(180, 265, 7))
    done = CliRunner().invoke(watch_log, [*options, "--at", days, "--out", str(out)])
    assert done.exit_code == 0, done.output
    drops = [row for row in read(out) if row["detector"] == "drop" and row["partner"] == "p0"]
    assert len(drops) == 1
    assert 190 <= int(drops[0]["day"]) <= 260
    assert float(drops[0]["after"]) < float(drops[0]["before"])


def test_alarms_of_a_day_do_not_know_what_comes_later(tmp_path: Path) -> None:
    found = []
    for days in (262, 300):
        files = program(days=300, partners=5, fall_from=190)
        for name in ("asks", "answers"):
            files[name] = [row for row in files[name] if row[1] == "day" or int(str(row[1])) < days]
        out = tmp_path / "W.csv"
        options = [*write(tmp_path, files), "--at", "180,220,240,261", "--out", str(out)]
        assert CliRunner().invoke(watch_log, [*options, "--list-rate", "0.5"]).exit_code == 0
        found.append(read(out))
    assert found[0]
    assert found[0] == found[1]


WRONG: dict[str, tuple[str, Callable[[Rows], object], str]] = {
    "a missing column": (
        "partners",
        lambda rows: [row.pop(4) for row in rows],
        "partners.csv, row 1, column weight: the column is missing",
    ),
    "an unknown contact": (
        "asks",
        lambda rows: rows[5].__setitem__(2, "nobody"),
        "asks.csv, row 6, column contact: unknown contact 'nobody'",
    ),
    "a value above ten": (
        "answers",
        lambda rows: rows[3].__setitem__(4, 11),
        "answers.csv, row 4, column value: 11 lies outside 0-10",
    ),
    "a value that is no number": (
        "answers",
        lambda rows: rows[3].__setitem__(4, "good"),
        "answers.csv, row 4, column value: not a number: 'good'",
    ),
    "days that go back": (
        "answers",
        lambda rows: rows[-1].__setitem__(1, 0),
        "column day: day 0 after day",
    ),
    "an empty file": (
        "asks",
        lambda rows: rows.clear(),
        "asks.csv, row 1: the file is empty",
    ),
    "a header without rows": (
        "answers",
        lambda rows: rows.__delitem__(slice(1, None)),
        "answers.csv, row 2, column ask: the file is empty below its header",
    ),
    "a metric that does not exist": (
        "answers",
        lambda rows: rows[2].__setitem__(3, "mood"),
        "answers.csv, row 3, column metric: unknown metric 'mood'",
    ),
    "a partner named twice": (
        "partners",
        lambda rows: rows.append(rows[1]),
        "partners.csv, row 14, column partner: p0 is there twice",
    ),
    "a contact of an unknown partner": (
        "contacts",
        lambda rows: rows[2].__setitem__(1, "p99"),
        "contacts.csv, row 3, column partner: unknown partner 'p99'",
    ),
    "a half day": (
        "asks",
        lambda rows: rows[1].__setitem__(1, 0.5),
        "asks.csv, row 2, column day: a day is a whole number",
    ),
    "an answer before its ask": (
        "answers",
        lambda rows: rows[1].__setitem__(0, rows[-1][0]),
        "answers.csv, row 2, column",
    ),
    "an answered flag of two": (
        "asks",
        lambda rows: rows[1].__setitem__(4, 2),
        "asks.csv, row 2, column answered: must be 0 or 1: '2'",
    ),
    "a row that is too short": (
        "contacts",
        lambda rows: rows[4].pop(),
        "contacts.csv, row 5, column left_day: 4 cells, the header has 5",
    ),
    "a column named twice": (
        "partners",
        lambda rows: [row.append(row[4]) for row in rows],
        "partners.csv, row 1, column weight: the column is there twice",
    ),
    "a value below empty lines, which count as rows": (
        "answers",
        lambda rows: (rows.insert(2, []), rows[4].__setitem__(4, 11)),
        "answers.csv, row 5, column value: 11 lies outside 0-10",
    ),
    "an infinite weight": (
        "partners",
        lambda rows: rows[1].__setitem__(4, "inf"),
        "partners.csv, row 2, column weight: not a number: 'inf'",
    ),
    "a day beyond all days": (
        "asks",
        lambda rows: rows[-1].__setitem__(1, "1e9"),
        "column day: 1e9 is above 10,000,000",
    ),
    "a contact who left before joining": (
        "contacts",
        lambda rows: rows[2].__setitem__(slice(3, 5), [40, 30]),
        "contacts.csv, row 3, column left_day: day 30 is before joined_day 40",
    ),
    "a metric answered twice in one ask": (
        "answers",
        lambda rows: rows.insert(2, list(rows[1])),
        "answers.csv, row 3, column metric: ask",
    ),
    "an answer to an ask without one": (
        "asks",
        lambda rows: [row.__setitem__(4, 0) for row in rows[1:]],
        "answers.csv, row 2, column ask: ask",
    ),
    "a weight of nothing": (
        "partners",
        lambda rows: rows[1].__setitem__(4, 0),
        "partners.csv, row 2, column weight: must be above 0",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_one_line_naming_file_row_and_column(case: str, score: Callable) -> None:
    name, spoil, says = WRONG[case]
    files = program(days=60, partners=12)
    spoil(files[name])
    done = score(files, "--at", "50")
    assert done.exit_code == 1
    assert says in done.output
    assert done.output.count("\n") == 1


def test_a_file_in_another_alphabet_names_the_row(tmp_path: Path) -> None:
    options = write(tmp_path, program(days=30, partners=2))
    path = Path(options[1])
    path.write_bytes(path.read_bytes().replace(b"p1", b"\xe4"))
    done = CliRunner().invoke(score_log, [*options, "--at", "20", "--out", str(tmp_path / "S.csv")])
    assert done.exit_code == 1
    assert "partners.csv, row 3: is not text in UTF-8" in done.output


def test_flags_and_open_ends_as_data_frames_write_them_are_understood(
    tmp_path: Path, score: Callable
) -> None:
    files = program(days=60, partners=3)
    score(files, "--at", "50")
    plain = (tmp_path / "S.csv").read_bytes()
    for row in files["asks"][1:]:
        row[4] = bool(row[4])
    for row in files["contacts"][1:]:
        row[4] = "NaN"
    assert score(files, "--at", "50").exit_code == 0
    assert (tmp_path / "S.csv").read_bytes() == plain


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    options = write(tmp_path, program(days=30, partners=2))
    options[1] = str(tmp_path / "nowhere.csv")
    done = CliRunner().invoke(score_log, [*options, "--at", "20", "--out", str(tmp_path / "S.csv")])
    assert done.exit_code == 1
    assert "nowhere.csv: No such file" in done.output


def test_names_that_look_like_numbers_stay_names_in_parquet(tmp_path: Path) -> None:
    files = program(days=40, partners=2)
    for rows in (files["partners"], files["contacts"]):
        for row in rows[1:]:
            row[:] = ["007" if cell == "p1" else cell for cell in row]
    out = tmp_path / "S.parquet"
    options = [*write(tmp_path, files), "--at", "30", "--out", str(out)]
    assert CliRunner().invoke(score_log, options).exit_code == 0
    assert duckdb.read_parquet(str(out)).fetchall()[-1][0] == "007"


def test_no_alarms_are_a_file_without_rows(tmp_path: Path) -> None:
    out = tmp_path / "W.parquet"
    options = [*write(tmp_path, program(days=40, partners=2)), "--at", "30", "--out", str(out)]
    assert CliRunner().invoke(watch_log, options).exit_code == 0
    assert duckdb.read_parquet(str(out)).fetchall() == []


def test_a_parquet_file_that_is_none_is_one_line(tmp_path: Path) -> None:
    options = write(tmp_path, program(days=30, partners=2))
    options[1] = str(tmp_path / "p.parquet")
    Path(options[1]).write_text("partner,type\n")
    done = CliRunner().invoke(score_log, [*options, "--at", "20", "--out", str(tmp_path / "S.csv")])
    assert done.exit_code == 1
    assert "p.parquet: cannot be read as Parquet" in done.output
    assert done.output.count("\n") == 1


def test_a_folder_that_is_not_there_is_told_before_the_work(tmp_path: Path) -> None:
    options = write(tmp_path, program(days=30, partners=2))
    out = str(tmp_path / "none" / "S.parquet")
    done = CliRunner().invoke(score_log, [*options, "--at", "20", "--out", out])
    assert done.exit_code == 2
    assert "is not a folder" in done.output


def test_days_that_are_no_numbers_are_refused(score: Callable) -> None:
    done = score(program(days=30, partners=2), "--at", "soon")
    assert done.exit_code == 2
    assert "whole days" in done.output
