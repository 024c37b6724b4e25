"""A release of the engine may change what a stored state looks like; no answer is lost by it."""

from datetime import timedelta

from partnerloop.release.figures import figures
from partnerloop.release.gate import Figure, Scope
from partnerloop.scores.models import PartnerScore
from partnerloop.scores.refresh import advance
from tests.world import MONDAY, World

HOUR = timedelta(hours=1)


def spoken(world: World, speak, *, forget: bool):
    speak("Ana Keller", 8, 8, 2)
    if forget:
        PartnerScore.objects.of(world.program).update(state=b"P0 written by an older engine")
    speak("Ben Okafor", 2, 2, 9, at=MONDAY + HOUR)


def told(world: World, *, at) -> Figure:
    scope = Scope.partner(world.partners["Alder & Finch"])
    cell = figures(world.program, by=world.priya, scope=scope, at=at)["partnerscore"]
    assert isinstance(cell, Figure)
    return cell


def test_an_answer_counts_though_the_stored_state_is_of_an_older_engine(world, speak):
    spoken(world, speak, forget=True)
    figure = told(world, at=MONDAY + 2 * HOUR)
    assert figure.people == "1–2"
    assert figure.mean < 7


def test_the_daily_advance_computes_older_states_anew(world, speak):
    spoken(world, speak, forget=False)
    before = told(world, at=MONDAY + 24 * HOUR)
    PartnerScore.objects.of(world.program).update(state=b"P0 written by an older engine")
    advance(world.program, at=MONDAY + 24 * HOUR)
    assert abs(told(world, at=MONDAY + 24 * HOUR).mean - before.mean) < 0.05
