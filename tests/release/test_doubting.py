"""What a composite would be if the silent think otherwise: from released things alone."""

from datetime import timedelta

import pytest

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.programs.models import Mode
from partnerloop.release.doubting import Doubt, if_the_silent_differ
from partnerloop.release.figures import figures
from partnerloop.release.gate import Figure, Scope
from tests.world import LONG_AGO, MONDAY, World

LATER = MONDAY + timedelta(days=21)
OTHERS = ("Claire Dubois", "Dan Novak", "Eva Lind", "Finn Berg", "Gita Rao")


def told(world: World, company: str = "Alder & Finch", *, by=None) -> Doubt | None:
    partner = world.partners[company]
    return if_the_silent_differ(world.program, partner=partner, by=by or world.priya, at=LATER)


@pytest.fixture
def others_asked(world: World) -> None:
    """Ask everybody else; nobody answers."""
    pulse = world.pulse(modes=["named"], launched_at=MONDAY, closes_at=LATER)
    for name in OTHERS:
        world.ask(name, pulse=pulse, at=MONDAY, keys=("partnerscore",))


def test_the_figure_lies_in_the_middle_of_the_two_readings(world, speak, others_asked) -> None:
    speak("Ana Keller", 6, 6, 6)
    doubt = told(world)
    scope = Scope.partner(world.partners["Alder & Finch"])
    cell = figures(world.program, by=world.priya, scope=scope, at=LATER)["partnerscore"]
    assert doubt is not None
    assert isinstance(cell, Figure)
    assert doubt.if_worse < cell.mean - 0.1
    assert doubt.if_better - cell.mean == pytest.approx(cell.mean - doubt.if_worse)


def test_a_colleague_who_answers_unnamed_changes_nothing(world, speak, others_asked) -> None:
    speak("Ana Keller", 6, 6, 6)
    before = told(world)
    speak("Ben Okafor", 1, 1, 9, mode=Mode.CONFIDENTIAL, at=MONDAY + timedelta(hours=3))
    assert told(world) == before


def test_it_says_nothing_where_the_response_rate_is_not_told(world, speak) -> None:
    speak("Ana Keller", 6, 6, 6)
    assert told(world) is None


def test_it_says_nothing_about_a_figure_that_is_borrowed_or_not_there(
    world, speak, others_asked
) -> None:
    speak("Ana Keller", 6, 6, 6)
    assert told(world, "Cedar") is None


def test_it_says_nothing_to_who_may_not_see_the_figure(world, speak, others_asked) -> None:
    speak("Ana Keller", 6, 6, 6)
    user = User.objects.create_user("max@northwind.example", name="Max", at=LONG_AGO)
    stranger = Membership.objects.create(
        program=world.program, user=user, role=Role.MANAGER, since=LONG_AGO.date()
    )
    assert told(world, by=stranger) is None
