"""The results page: one table is renewed without touching the others, and tells its age."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.age import ROOTS, Age, ages, mark
from bench.report import Section, renew, renew_figures

ENGINE = ROOTS["partnerloop.engine"]


@dataclass(frozen=True)
class Row:
    name: str
    error: float


def one(key: str, error: float) -> Section:
    return Section(key, key.title(), "Two seeds.", [Row("base", error)])


def test_renewing_one_table_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    page, figures = tmp_path / "results.md", tmp_path / "quality.json"
    for sections in ([one("first", 1.0), one("second", 2.0)], [one("second", 3.0)]):
        renew(page, sections, measured="Measured.")
        renew_figures(figures, sections)

    text = page.read_text()
    assert "| base | 1.000 |" in text
    assert "| base | 3.000 |" in text
    assert "| base | 2.000 |" not in text
    kept = json.loads(figures.read_text())
    assert [kept[key]["rows"][0]["error"] for key in ("first", "second")] == [1.0, 3.0]


def test_a_table_is_current_until_code_that_it_builds_on_changes(tmp_path: Path) -> None:
    page, bench, engine = tmp_path / "results.md", tmp_path / "bench", tmp_path / ENGINE
    bench.mkdir()
    engine.mkdir(parents=True)
    (bench / "scoring.py").write_text("from partnerloop.engine.kalman import GAIN\n")
    (engine / "kalman.py").write_text('"""Words."""\nGAIN = 1\n')
    renew(page, [one("first", 1.0)], measured=mark("2026-03-01", "bench.scoring", root=tmp_path))

    (engine / "kalman.py").write_text('"""Other words."""\n\nGAIN = 1  # a remark\n')
    (engine / "effects.py").write_text("LEVEL = 3\n")
    assert list(ages(page.read_text(), root=tmp_path)) == [Age("first", "2026-03-01", current=True)]

    (engine / "kalman.py").write_text("GAIN = 2\n")
    assert list(ages(page.read_text(), root=tmp_path)) == [
        Age("first", "2026-03-01", current=False)
    ]


def test_a_table_without_a_mark_is_of_unknown_age(tmp_path: Path) -> None:
    page = tmp_path / "results.md"
    renew(page, [one("first", 1.0)], measured="")

    assert list(ages(page.read_text(), root=tmp_path)) == [Age("first", "unknown", current=False)]
