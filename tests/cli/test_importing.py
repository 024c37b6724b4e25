"""`partnerloop import`: a dry run unless told to save, every refusal one sentence."""

import pytest
from click.testing import CliRunner

from partnerloop.cli.importing import import_file
from partnerloop.partners.models import Contact, ImportRun
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
ROWS = "partner,contact,email,role\nDunlin,Hal Moss,hal@dunlin.example,sales\n"


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.PARTNERLOOP_HOME = tmp_path / "home"
    settings.PARTNERLOOP_HOME.mkdir()
    return make_world()


def bring(tmp_path, text: str, *words: str):
    file = tmp_path / "list.csv"
    file.write_text(text)
    return CliRunner().invoke(import_file, [str(file), "--program", "northwind", *words])


def test_without_confirm_nothing_is_saved(world, tmp_path) -> None:
    told = bring(tmp_path, ROWS)
    assert told.exit_code == 0
    assert "1 new, 0 changed, 0 same, 0 left out" in told.output
    assert "Nothing has been saved" in told.output
    assert not Contact.objects.of(world.program).filter(name="Hal Moss").exists()
    assert not ImportRun.objects.of(world.program).exists()


def test_with_confirm_it_is_saved_in_the_name_of_a_member(world, tmp_path) -> None:
    told = bring(tmp_path, ROWS, "--confirm", "--by", "priya@northwind.example")
    assert "Saved 1 row." in told.output
    hal = Contact.objects.of(world.program).get(name="Hal Moss")
    assert hal.entered_by == world.priya


def test_a_wrong_row_is_told_and_the_others_are_saved(world, tmp_path) -> None:
    told = bring(tmp_path, ROWS + "Dunlin,Ida,ida@,sales\n", "--confirm")
    assert "row 3, email: “ida@” is not a whole address" in told.output
    assert "Saved 1 row." in told.output


@pytest.mark.parametrize(
    ("text", "words", "says"),
    [
        ("", (), "The file is empty"),
        ("what,ever\n1,2\n", (), "No column was recognised for"),
        (ROWS, ("--template", "none"), "There is no template “none”"),
        (ROWS, ("--by", "eve@x.example"), "No member of this program"),
        (ROWS.replace("hal@", "@"), ("--confirm",), "No row can be used"),
    ],
)
def test_a_refusal_is_one_sentence(text, words, says, world, tmp_path) -> None:
    told = bring(tmp_path, text, *words)
    assert told.exit_code == 1
    assert says in told.output
    assert not ImportRun.objects.of(world.program).exists()


def test_an_unknown_program_is_named(world, tmp_path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(ROWS)
    told = CliRunner().invoke(import_file, [str(file), "--program", "nowhere"])
    assert "no program “nowhere”" in told.output
