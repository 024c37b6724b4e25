"""Open batches are filled, from sums that move on Mondays and tell of nobody."""

import uuid
from datetime import datetime, timedelta

import pytest

from partnerloop.core.clock import week_of
from partnerloop.evidence.models import Atom, NamedAnswer
from partnerloop.planning.batches import open_batches
from partnerloop.planning.preview import plan
from partnerloop.pulses.models import Invitation
from partnerloop.responses.participation import Participation
from tests.world import MONDAY, World

AGO = MONDAY - timedelta(days=19)  # a Wednesday
PAIR = ("communication_accuracy", "conflict_settled")
OTHERS = ("commitment_products", "credibility_carried_out")
ALDER = "Alder & Finch"


def asked(world: World, name: str, keys: tuple[str, ...], *, at: datetime = AGO) -> Invitation:
    return world.ask(name, pulse=world.pulse(f"{name} {at:%d}"), at=at, keys=keys)


def answered(invitation: Invitation, *, at: datetime | None = None) -> None:
    week = week_of((at or invitation.asked_at).date())
    Participation.objects.create(program_id=invitation.program_id, invitation=invitation, week=week)


def waiting(world: World, *, at: datetime = MONDAY) -> dict[tuple[str, str], int]:
    names = {partner.pk: name for name, partner in world.partners.items()}
    return {(names[pk], key): n for (pk, key), n in open_batches(world.program, at=at).items()}


@pytest.fixture
def half_full(world: World) -> World:
    """Two of Alder's four have answered about communication and conflict, and wait."""
    for name in ("Ana Keller", "Ben Okafor"):
        answered(asked(world, name, PAIR))
    for name in ("Claire Dubois", "Dan Novak"):
        asked(world, name, OTHERS)
    return world


def test_it_counts_who_answered_by_company_and_dimension(half_full: World) -> None:
    assert waiting(half_full) == {(ALDER, "communication"): 2, (ALDER, "conflict"): 2}


def test_colleagues_are_asked_what_a_batch_still_lacks(half_full: World) -> None:
    chosen = plan(half_full.pulse(), at=MONDAY).chosen
    rated = {one.person.name: set(one.dimensions) for one in chosen}
    assert rated["Claire Dubois"] == rated["Dan Novak"] == {"communication", "conflict"}
    assert not rated["Ana Keller"] & {"communication", "conflict"}


def test_a_batch_that_was_counted_is_not_open(half_full: World) -> None:
    Atom.objects.create(
        program=half_full.program,
        kind=Atom.Kind.COMPANY,
        partner=half_full.partners[ALDER],
        measure="conflict",
        week=week_of(AGO.date()) + timedelta(weeks=1),
        band="3-4",
        value="6.0",
        blur_sd="0.5",
        rule_version=1,
    )
    assert waiting(half_full) == {(ALDER, "communication"): 2}


def test_who_answered_by_name_does_not_wait(half_full: World) -> None:
    NamedAnswer.objects.create(
        id=uuid.uuid4(),
        program=half_full.program,
        partner=half_full.partners[ALDER],
        contact=half_full.people["Ana Keller"],
        rater=uuid.uuid4(),
        role="technical",
        measure="conflict",
        value=3,
        at=AGO + timedelta(hours=2),
    )
    assert waiting(half_full) == {(ALDER, "communication"): 2, (ALDER, "conflict"): 1}


def test_which_of_two_colleagues_answered_cannot_be_told(world: World) -> None:
    asks = {who: asked(world, who, PAIR) for who in ("Ana Keller", "Ben Okafor")}
    pulse = world.pulse()
    answered(asks["Ana Keller"])
    before = repr(plan(pulse, at=MONDAY))
    Participation.objects.of(world.program).delete()
    answered(asks["Ben Okafor"])
    assert waiting(world) == {(ALDER, "communication"): 1, (ALDER, "conflict"): 1}
    assert repr(plan(pulse, at=MONDAY)) == before


def test_an_answer_of_this_week_is_counted_from_monday_on(half_full: World) -> None:
    pulse, friday = half_full.pulse(), MONDAY + timedelta(days=4)
    before = repr(plan(pulse, at=friday))
    dan = Invitation.objects.of(half_full.program).get(contact=half_full.people["Dan Novak"])
    answered(dan, at=MONDAY)
    assert repr(plan(pulse, at=friday)) == before
    assert waiting(half_full, at=MONDAY + timedelta(days=7))[ALDER, "commitment"] == 1


def test_a_company_too_small_for_batches_of_its_own_has_none(world: World) -> None:
    for name in ("Eva Lind", "Finn Berg"):
        answered(asked(world, name, PAIR))
    assert waiting(world) == {}


def test_what_has_waited_too_long_has_left_for_a_pool(world: World) -> None:
    answered(asked(world, "Ana Keller", PAIR, at=MONDAY - timedelta(days=100)))
    assert waiting(world) == {}
