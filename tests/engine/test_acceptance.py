"""The acceptance scenarios that chance decides, small: `bin/bench scenarios` is for the record."""

import numpy as np
import pytest

from bench import acceptance, changing, watching
from bench.report import Size
from bench.scenarios import ACCEPTANCE, BASE
from bench.worlds import build

SMALL = Size(quick=True, seeds=1, partners=100, processes=1)


def test_the_program_is_the_one_that_is_described() -> None:
    world = build(ACCEPTANCE, partners=3000, days=2, rng=np.random.default_rng(1))
    staff = np.bincount(world.contacts.partner[world.active(0)], minlength=3000)
    assert staff.mean() == pytest.approx(8.0, abs=0.3)
    assert (staff <= 6).mean() == pytest.approx(0.6, abs=0.03)


def test_ranges_that_may_be_shown_hold() -> None:
    row = acceptance.range_row("50/40/10", 0.5, SMALL)
    assert 0.84 < row.composite < 0.96
    assert 0.84 < row.metrics < 0.96
    assert 0.7 < row.shown < 1.0


def test_asking_keeps_its_promises() -> None:
    row = acceptance.asking(SMALL)[0].rows[0]
    assert row.ratio <= 1.5
    assert row.silent >= 0.9
    assert row.uneven <= 0.12
    assert row.dimension_wait <= 182
    assert row.partner_wait <= 60


def test_drops_are_named_and_most_weeks_are_quiet() -> None:
    row = acceptance.quiet_row("50/40/10", 0.5, SMALL)
    assert row.quiet >= 0.9
    assert row.named >= 1 / 3


def test_a_change_of_the_program_is_told_with_a_range_that_holds() -> None:
    changed, unchanged = changing.change_rows(
        {"50/40/10": 0.5}, runs=8, size=Size(partners=300, first_seed=301)
    )
    assert changed.said >= 0.5
    assert changed.covers >= 0.5
    assert changed.width < 1.4
    assert unchanged.no_effect >= 0.5


def test_the_table_of_alarms_tells_what_is_found_and_what_is_false() -> None:
    found = watching.watch_all([watching.Task(BASE, 301, 60, "all answers")], processes=1)
    rows = watching.rows_of(found, "base", "all answers")
    assert {row.detector for row in rows} >= {"daily list", "strict pager"}
    assert all(0 <= row.false <= 1 for row in rows)
