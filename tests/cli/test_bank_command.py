"""`partnerloop bank`: the questions of a program, out into a file and in again."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from partnerloop.cli.bank import bank
from partnerloop.pulses.bank import read_bank
from partnerloop.pulses.models import Wording
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def call(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(bank, list(words))
    return result.exit_code, result.output


def test_a_file_comes_back_changed_only_when_it_is_confirmed(world, tmp_path: Path) -> None:
    file = tmp_path / "en.toml"
    assert call("export", "--program", "northwind", "--output", str(file))[0] == 0
    stay = f"{len(read_bank().questions)} questions stay as before."
    assert stay in call("import", str(file), "--program", "northwind")[1]
    text = file.read_text(encoding="utf-8")
    head = "[questions.ease]\nversion = "
    text = text.replace(f"{head}1", f"{head}2").replace("How easy is it to do", "Is it easy to do")
    file.write_text(text, encoding="utf-8")
    status, said = call("import", str(file), "--program", "northwind")
    assert status == 0
    assert "ease: new words" in said
    assert "Nothing has been saved" in said
    words = Wording.objects.of(world.program).filter(question__key="ease", language="en")
    assert words.count() == 1
    by = ("--by", "priya@northwind.example", "--confirm")
    assert "Saved 1 change." in call("import", str(file), "--program", "northwind", *by)[1]
    assert words.count() == 2


def test_mistakes_are_told_by_line_and_nothing_is_saved(world, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text('language = "en"\n\n[questions.ease]\nversion = "one"\n', encoding="utf-8")
    status, said = call("import", str(file), "--program", "northwind", "--confirm")
    assert status == 1
    assert "broken.toml, line 4: ease, version: must be a whole number from 1." in said


def test_who_may_not_change_questions_is_refused(world, tmp_path: Path) -> None:
    file = tmp_path / "en.toml"
    file.write_bytes(b"\xff\xfe")
    assert "no program" in call("export", "--program", "nobody")[1]
    assert "UTF-8" in call("import", str(file), "--program", "northwind")[1]
    assert "No member" in call("import", str(file), "--program", "northwind", "--by", "x@y.z")[1]
