"""Named answers are for those who look after the partner; unnamed ones are never among them."""

from datetime import timedelta

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.programs.models import Mode
from partnerloop.release.naming import SOMEBODY, Rating, named_answers
from tests.world import LONG_AGO, MONDAY, World

LATER = MONDAY + timedelta(days=1)


def answers(world: World, *, by=None, at=LATER, limit=20):
    partner = world.partners["Alder & Finch"]
    return named_answers(partner, by=by or world.priya, at=at, limit=limit)


def test_a_named_answer_is_shown_with_its_writer(world, speak) -> None:
    speak("Ana Keller", 3, 4, 8)
    [given] = answers(world)
    assert (given.name, given.role, given.day) == ("Ana Keller", "Technical", MONDAY.date())
    assert Rating("partnerscore", 3) in given.ratings
    # "How heated ..." is reversed: an 8 for intensity is a 2 for Conflict, low and well handled.
    assert Rating("conflict", 2) in given.ratings


def test_a_confidential_answer_is_not(world, speak) -> None:
    speak("Ana Keller", 3, 4, 8, mode=Mode.CONFIDENTIAL)
    assert answers(world) == []


def test_a_manager_of_other_partners_sees_none(world, speak) -> None:
    speak("Ana Keller", 3, 4, 8)
    user = User.objects.create_user("max@northwind.example", name="Max", at=LONG_AGO)
    stranger = Membership.objects.create(
        program=world.program, user=user, role=Role.MANAGER, since=LONG_AGO.date()
    )
    assert answers(world, by=stranger) == []


def test_what_is_too_old_for_a_figure_is_not_shown(world, speak) -> None:
    speak("Ana Keller", 3, 4, 8)
    assert answers(world, at=MONDAY + timedelta(days=183)) == []


def test_the_newest_come_first_and_the_list_ends(world, speak) -> None:
    speak("Ana Keller", 3, 4, 8)
    speak("Ben Okafor", 7, 7, 2, at=MONDAY + timedelta(hours=3))
    assert [given.name for given in answers(world)] == ["Ben Okafor", "Ana Keller"]
    assert len(answers(world, limit=1)) == 1


def test_an_erased_name_is_gone(world, speak) -> None:
    speak("Ana Keller", 3, 4, 8)
    world.people["Ana Keller"].delete()
    assert [given.name for given in answers(world)] == [SOMEBODY]
