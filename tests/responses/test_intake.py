"""Taking answers in: as given, once per link, under the promise of the first time."""

from datetime import timedelta

import pytest

from partnerloop.evidence.models import NamedAnswer, PendingAnswer
from partnerloop.loop.receiving import receive
from partnerloop.programs.models import Mode
from partnerloop.responses.accepted import Submission
from partnerloop.responses.identities import Identity, Pseudonym
from partnerloop.responses.intake import InvitationExpired, ModeNotOffered, NothingSaid
from partnerloop.responses.models import Answer, Comment, Response
from partnerloop.responses.participation import Participation
from tests.world import MONDAY, World, make_world

KEYS = ("partnerscore", "communication_accuracy", "conflict_intensity", "communication_open_low")
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return make_world()


def sent(world: World, **changes):
    return world.pulse(
        modes=["named", "confidential"],
        launched_at=MONDAY,
        closes_at=MONDAY + timedelta(days=28),
        **changes,
    )


def ask(world: World, name: str, **changes):
    return world.ask(name, pulse=sent(world), at=MONDAY, keys=KEYS, **changes)


def ratings(invitation, *values):
    return dict(zip(invitation.asked, values, strict=False))


def test_it_stores_values_as_given_and_turns_a_reversed_item_in_the_evidence_only(world):
    invitation = ask(world, "Ana Keller")
    receive(invitation, Submission(Mode.NAMED, ratings(invitation, 8, 7, 2)), at=MONDAY + HOUR)
    raw = dict(Answer.objects.of(world.program).values_list("wording__question__key", "value"))
    assert raw == {"partnerscore": 8, "communication_accuracy": 7, "conflict_intensity": 2}
    turned = dict(NamedAnswer.objects.of(world.program).values_list("measure", "value"))
    assert turned == {"partnerscore": 8, "communication": 7, "conflict": 8}


def test_cannot_judge_is_stored_and_never_scored(world):
    invitation = ask(world, "Ana Keller")
    receive(invitation, Submission(Mode.NAMED, ratings(invitation, None, 7)), at=MONDAY + HOUR)
    assert Answer.objects.of(world.program).filter(value__isnull=True).count() == 1
    assert NamedAnswer.objects.of(world.program).count() == 1


def test_a_second_answer_by_the_same_link_changes_and_never_adds(world):
    invitation = ask(world, "Ana Keller")
    receive(invitation, Submission(Mode.NAMED, ratings(invitation, 8, 7)), at=MONDAY + HOUR)
    again = receive(invitation, Submission(None, ratings(invitation, 3)), at=MONDAY + 2 * HOUR)
    assert again.is_change
    assert Response.objects.of(world.program).count() == 1
    values = dict(NamedAnswer.objects.of(world.program).values_list("measure", "value"))
    assert values == {"partnerscore": 3, "communication": 7}


def test_a_change_never_weakens_the_mode(world):
    invitation = ask(world, "Ana Keller")
    receive(invitation, Submission(Mode.CONFIDENTIAL, ratings(invitation, 8)), at=MONDAY + HOUR)
    again = receive(invitation, Submission(Mode.NAMED, ratings(invitation, 2)), at=MONDAY + HOUR)
    assert again.mode == Mode.CONFIDENTIAL
    assert not NamedAnswer.objects.of(world.program).exists()
    assert PendingAnswer.objects.of(world.program).get().value == 2


def test_a_value_taken_back_as_cannot_judge_counts_no_more(world):
    invitation = ask(world, "Ana Keller")
    receive(invitation, Submission(Mode.NAMED, ratings(invitation, 8, 7)), at=MONDAY + HOUR)
    receive(invitation, Submission(None, ratings(invitation, None)), at=MONDAY + 2 * HOUR)
    kept = NamedAnswer.objects.of(world.program).values_list("measure", flat=True)
    assert list(kept) == ["communication"]


def test_a_confidential_answer_keeps_no_time_no_role_and_waits(world):
    invitation = ask(world, "Ben Okafor")
    receive(invitation, Submission(Mode.CONFIDENTIAL, ratings(invitation, 6)), at=MONDAY + HOUR)
    response = Response.objects.of(world.program).get()
    assert (response.received_at, response.role) == (None, "")
    assert not NamedAnswer.objects.of(world.program).exists()
    waiting = PendingAnswer.objects.of(world.program).get()
    assert waiting.pseudonym == Pseudonym.objects.of(world.program).get().value


def test_the_two_modes_of_one_person_carry_different_pseudonyms(world):
    one, two = ask(world, "Ana Keller"), ask(world, "Ana Keller")
    receive(one, Submission(Mode.NAMED, ratings(one, 6)), at=MONDAY + HOUR)
    receive(two, Submission(Mode.CONFIDENTIAL, ratings(two, 6)), at=MONDAY + HOUR)
    assert Pseudonym.objects.of(world.program).values("value").distinct().count() == 2


def test_without_a_choice_the_most_protective_mode_holds(world):
    invitation = ask(world, "Ben Okafor")
    stored = receive(invitation, Submission(None, ratings(invitation, 6)), at=MONDAY + HOUR)
    assert stored.mode == Mode.CONFIDENTIAL


def test_somebody_new_is_offered_named_only(world):
    contact = world.people["Ben Okafor"]
    contact.entered_at = contact.addressed_at = MONDAY - timedelta(days=3)
    contact.save()
    world.ask("Ana Keller", pulse=sent(world, name="Before"), at=MONDAY, keys=KEYS)
    earlier = sent(world, name="First of all")
    earlier.launched_at = MONDAY - timedelta(days=200)
    earlier.save()
    invitation = ask(world, "Ben Okafor")
    wanted = Submission(Mode.CONFIDENTIAL, ratings(invitation, 6))
    with pytest.raises(ModeNotOffered):
        receive(invitation, wanted, at=MONDAY + HOUR)
    assert not Response.objects.of(world.program).exists()


def test_it_refuses_an_expired_link_and_an_empty_submission(world):
    invitation = ask(world, "Ana Keller")
    with pytest.raises(InvitationExpired):
        receive(invitation, Submission(None, ratings(invitation, 6)), at=MONDAY + 29 * 24 * HOUR)
    with pytest.raises(NothingSaid):
        receive(invitation, Submission(None), at=MONDAY + HOUR)
    assert not Participation.objects.of(world.program).exists()


def test_it_ignores_questions_that_were_not_asked(world):
    invitation = ask(world, "Ana Keller")
    other = {max(invitation.asked) + 1: 9}
    receive(invitation, Submission(Mode.NAMED, ratings(invitation, 6) | other), at=MONDAY + HOUR)
    assert Answer.objects.of(world.program).count() == 1


def test_nothing_is_stored_when_a_later_step_fails(world, monkeypatch):
    invitation = ask(world, "Ana Keller")
    bad = Submission(Mode.NAMED, ratings(invitation, 11))
    with pytest.raises(Exception, match=r"answer_from_0_to_10|0-10"):
        receive(invitation, bad, at=MONDAY + HOUR)
    for table in (Response, Identity, Participation, Answer, Comment):
        assert not table.objects.of(world.program).exists()
