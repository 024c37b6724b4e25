"""The line about the attack: the newest run counts, and what was found is never left out."""

from datetime import date

from partnerloop.release.attacked import latest
from partnerloop.release.models import AttackResult
from tests.world import make_world


def run(world, on: date, **changes: int) -> None:
    found = {"targets": 2318, "sure": 0, "honest": 26, "alone": 30, "one_helper": 33}
    AttackResult.objects.create(
        program=world.program, on=on, **{**found, "most_help": 37, **changes}
    )


def test_without_a_run_there_is_no_line(world) -> None:
    assert latest(world.program) is None


def test_the_newest_run_is_told_in_one_sentence(world) -> None:
    run(world, date(2026, 11, 1), sure=9)
    run(world, date(2026, 11, 20))
    line = latest(world.program)
    assert line is not None
    assert line.on == date(2026, 11, 20)
    assert "no answer of 2,318 for sure" in line.sentence
    assert "30 %" in line.sentence
    assert "an honest average alone allows 26 %" in line.sentence


def test_what_was_found_in_the_own_answers_counts(world) -> None:
    run(world, date(2026, 11, 20), own_sure=2)
    line = latest(world.program)
    assert line is not None
    assert "found out 2 answers of" in line.sentence


def test_programs_have_their_own_runs(world) -> None:
    run(world, date(2026, 11, 20))
    assert latest(make_world("contoso").program) is None
