import pytest
from click.testing import CliRunner

from partnerloop.cli.demo import demo


@pytest.mark.django_db
def test_it_says_what_was_loaded_and_refuses_a_second_time() -> None:
    first = CliRunner().invoke(demo, ["load", "--partners", "20", "--seed", "5"])
    assert first.exit_code == 0, first.output
    assert "20 partners, 160 contacts" in first.output
    second = CliRunner().invoke(demo, ["load", "--partners", "20"])
    assert second.exit_code == 1
    assert "here already" in second.output


def test_it_refuses_a_world_too_small_to_show_anything() -> None:
    told = CliRunner().invoke(demo, ["load", "--partners", "2"])
    assert told.exit_code == 2
    assert "20<=x<=5000" in told.output
