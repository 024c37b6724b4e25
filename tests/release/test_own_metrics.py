"""A program's own metric passes the same gate: from its own answers only, under the same rules."""

from datetime import timedelta

import pytest

from partnerloop.alerts.models import Alert
from partnerloop.alerts.today import today
from partnerloop.evidence.models import Atom
from partnerloop.loop.schedule import weekly_tick
from partnerloop.programs.models import Mode
from partnerloop.pulses.measuring import bring_metric_back, retire_metric
from partnerloop.pulses.models import Metric
from partnerloop.release.figures import figures, score_rows
from partnerloop.release.gate import Basis, Figure, Hidden, Reason, Scope
from partnerloop.release.models import Veil
from partnerloop.scores.refresh import rebuild
from tests.own_metrics import answered, its_question, own_metric, settled
from tests.web.conftest import Pages
from tests.world import MONDAY, World, person

OWN = "our_enablement"
THREE = ("Ana Keller", "Ben Okafor", "Claire Dubois")


@pytest.fixture
def metric(world: World) -> Metric:
    """The metric with its question, after everybody's score was made anew."""
    made = own_metric(world.program)
    its_question(made)
    settled(world.program)
    return made


def key(world: World) -> str:
    return Metric.objects.of(world.program).get(key=OWN).questions.get().key


def cell_of(world: World, name: str, measure: str = OWN, at=MONDAY):
    scope = Scope.partner(world.partners[name])
    return figures(world.program, by=world.priya, scope=scope, at=at)[measure]


def test_before_anybody_has_answered_it_is_hidden_everywhere(world, metric) -> None:
    answered(world, "Ana Keller", {"partnerscore": 8})
    for name in world.partners:
        assert cell_of(world, name) == Hidden(OWN, Reason.TOO_FEW_YET)
    told = figures(world.program, by=world.priya, scope=Scope.program(), at=MONDAY)
    assert told[OWN] == Hidden(OWN, Reason.TOO_FEW_YET)
    inferred = cell_of(world, "Alder & Finch", "commitment")
    assert isinstance(inferred, Figure)
    assert inferred.basis is Basis.INFERRED


def test_a_named_answer_shows_at_once_and_only_where_it_was_given(world, metric) -> None:
    answered(world, "Eva Lind", {key(world): 2})
    shown = cell_of(world, "Birk")
    assert isinstance(shown, Figure)
    assert shown.basis is Basis.OWN
    assert shown.low < shown.mean < 7
    assert cell_of(world, "Alder & Finch") == Hidden(OWN, Reason.TOO_FEW_YET)


def test_confidential_answers_count_by_three_at_the_tick(world, metric) -> None:
    for name in THREE[:2]:
        answered(world, name, {key(world): 3}, mode=Mode.CONFIDENTIAL)
    weekly_tick(world.program, MONDAY + timedelta(days=7))
    assert not Atom.objects.of(world.program).filter(measure=OWN).exists()
    assert isinstance(cell_of(world, "Alder & Finch"), Hidden)
    answered(
        world,
        THREE[2],
        {key(world): 3},
        mode=Mode.CONFIDENTIAL,
        at=MONDAY + timedelta(days=8),
    )
    weekly_tick(world.program, MONDAY + timedelta(days=14))
    rebuild(world.program, at=MONDAY + timedelta(days=14))
    assert Atom.objects.of(world.program).get(measure=OWN).band == "3–4"
    at = MONDAY + timedelta(days=14)
    assert isinstance(cell_of(world, "Alder & Finch", at=at), Figure)


def test_answers_too_old_are_told_as_such(world, metric) -> None:
    answered(world, "Eva Lind", {key(world): 2}, at=MONDAY - timedelta(days=200))
    answered(world, "Eva Lind", {"partnerscore": 5})
    rebuild(world.program, at=MONDAY)
    assert cell_of(world, "Birk") == Hidden(OWN, Reason.NO_RECENT_ANSWERS)


def test_retired_it_is_in_no_row_and_an_alert_about_it_breaks_nothing(world, metric) -> None:
    answered(world, "Eva Lind", {key(world): 2})
    Alert.objects.create(
        program=world.program,
        partner=world.partners["Birk"],
        measure=OWN,
        kind=Alert.Kind.DROP,
        opened_on=MONDAY.date(),
        before_on=MONDAY.date() - timedelta(days=7),
        strength=1.0,
    )
    retire_metric(metric, by=None, at=MONDAY)
    settled(world.program)
    rows = score_rows(world.program, by=world.priya, at=MONDAY)
    assert all(OWN not in row.cells for row in rows)
    assert today(world.program, by=world.priya, at=MONDAY) == []
    bring_metric_back(metric, by=None, at=MONDAY)
    settled(world.program)
    assert isinstance(cell_of(world, "Birk"), Figure)


def test_a_manager_guesses_at_it_too_and_at_no_retired_one(world, metric) -> None:
    manager = Pages(world).manager("Mo Reed", of="Birk")
    answered(world, "Eva Lind", {key(world): 2})
    veil = Veil.objects.of(world.program).open().get()
    assert veil.measure == OWN
    scope = Scope.partner(world.partners["Birk"])
    seen = figures(world.program, by=manager, scope=scope, at=MONDAY)
    assert seen[OWN] == Hidden(OWN, Reason.VEILED)
    retire_metric(metric, by=None, at=MONDAY)
    settled(world.program)
    assert not Veil.objects.of(world.program).open().exists()


def test_a_program_figure_needs_the_usual_width(world, metric) -> None:
    answered(world, "Eva Lind", {key(world): 2})
    everybody = Scope.program()
    told = figures(world.program, by=world.priya, scope=everybody, at=MONDAY)[OWN]
    assert told == Hidden(OWN, Reason.TOO_FEW_YET)
    for name in ("Ana Keller", "Ben Okafor", "Finn Berg", "Gita Rao"):
        answered(world, name, {key(world): 4})
    person(world, "Hal Moss", at="Cedar", role="sales")
    answered(world, "Hal Moss", {key(world): 4})
    told = figures(world.program, by=world.priya, scope=everybody, at=MONDAY)[OWN]
    assert isinstance(told, Figure)
    assert told.basis is Basis.OWN
