"""Standing in for a manager, handing partners over, and what both do to seasoning."""

from datetime import timedelta

import pytest

from partnerloop.accounts.models import Membership, Role, User
from partnerloop.core.models import AuditEntry
from partnerloop.partners.looking_after import (
    CannotCover,
    CannotHandOver,
    assign,
    end_cover,
    hand_over,
    stand_in,
    stands_in_for,
    take_back,
)
from partnerloop.partners.models import Partner, PartnerAssignment
from tests.world import LONG_AGO, MONDAY, World, make_world

TODAY = MONDAY.date()
DAY = timedelta(days=1)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def member(world: World, name: str, role: Role = Role.MANAGER, *, of: str = "") -> Membership:
    email = f"{name.lower()}@{world.program.slug}.example"
    user = User.objects.create_user(email, name=name, at=LONG_AGO)
    made = Membership.objects.create(
        program=world.program, user=user, role=role, since=LONG_AGO.date()
    )
    if of:
        assign(world.partners[of], to=made, by=world.priya, at=LONG_AGO)
    return made


def seen(who: Membership, *, on=TODAY) -> set[str]:
    rows = Partner.objects.of(who.program).visible_to(who, on)
    return set(rows.values_list("name", flat=True))


def test_a_cover_sees_the_partners_of_the_other_on_these_days_only(world) -> None:
    mara, leo = member(world, "Mara", of="Birk"), member(world, "Leo", of="Cedar")
    until = TODAY + 3 * DAY
    stand_in(mara, cover=leo, since=TODAY, until=until, by=mara, at=MONDAY)
    assert seen(leo, on=TODAY - DAY) == {"Cedar"}
    assert seen(leo) == seen(leo, on=until) == {"Cedar", "Birk"}
    assert seen(leo, on=until + DAY) == {"Cedar"}
    assert seen(mara) == {"Birk"}
    assert stands_in_for(leo, on=TODAY) == [mara.pk]


def test_a_cover_ends_at_once(world) -> None:
    mara, leo = member(world, "Mara", of="Birk"), member(world, "Leo")
    made = stand_in(mara, cover=leo, since=TODAY, until=TODAY, by=mara, at=MONDAY)
    end_cover(made, by=mara, at=MONDAY)
    assert seen(leo) == set()
    assert AuditEntry.objects.filter(action="cover.ended").count() == 1


def test_a_cover_of_a_cover_sees_nothing_of_the_first(world) -> None:
    mara, leo, nils = (
        member(world, "Mara", of="Birk"),
        member(world, "Leo"),
        member(world, "Nils"),
    )
    stand_in(mara, cover=leo, since=TODAY, until=TODAY, by=mara, at=MONDAY)
    stand_in(leo, cover=nils, since=TODAY, until=TODAY, by=leo, at=MONDAY)
    assert seen(nils) == set()


@pytest.mark.parametrize(
    ("role", "since", "until", "says"),
    [
        (Role.EXECUTIVE, 0, 1, "in this role"),
        (Role.MANAGER, 2, 1, "before the first"),
        (Role.MANAGER, -5, -1, "are over"),
        (Role.MANAGER, 0, 400, "longer than a year"),
    ],
)
def test_it_refuses_a_cover_that_makes_no_sense(world, role, since, until, says) -> None:
    mara, leo = member(world, "Mara"), member(world, "Leo", role)
    with pytest.raises(CannotCover, match=says):
        stand_in(
            mara,
            cover=leo,
            since=TODAY + since * DAY,
            until=TODAY + until * DAY,
            by=mara,
            at=MONDAY,
        )


def test_a_hand_over_gives_all_partners_and_can_be_taken_back(world) -> None:
    mara, leo = member(world, "Mara", of="Birk"), member(world, "Leo", of="Cedar")
    assign(world.partners["Cedar"], to=mara, by=world.priya, at=LONG_AGO)
    before = set(PartnerAssignment.objects.of(world.program).values_list("member", "partner"))
    done = hand_over(mara, taker=leo, by=world.priya, at=MONDAY)
    assert (seen(mara), seen(leo)) == (set(), {"Birk", "Cedar"})
    take_back(done, by=world.priya, at=MONDAY)
    assert (seen(mara), seen(leo)) == ({"Birk", "Cedar"}, {"Cedar"})
    rows = PartnerAssignment.objects.of(world.program).filter(until__isnull=True)
    assert set(rows.values_list("member", "partner")) == before
    with pytest.raises(CannotHandOver, match="already"):
        take_back(done, by=world.priya, at=MONDAY)


def test_taking_back_leaves_alone_what_moved_on(world) -> None:
    mara, leo, nils = member(world, "Mara", of="Birk"), member(world, "Leo"), member(world, "Nils")
    first = hand_over(mara, taker=leo, by=world.priya, at=MONDAY)
    hand_over(leo, taker=nils, by=world.priya, at=MONDAY)
    take_back(first, by=world.priya, at=MONDAY)
    assert (seen(mara), seen(leo), seen(nils)) == (set(), set(), {"Birk"})


def test_only_the_chosen_partners_go(world) -> None:
    mara, leo = member(world, "Mara", of="Birk"), member(world, "Leo")
    assign(world.partners["Cedar"], to=mara, by=world.priya, at=LONG_AGO)
    hand_over(mara, taker=leo, partners=[world.partners["Cedar"].pk], by=world.priya, at=MONDAY)
    assert (seen(mara), seen(leo)) == ({"Birk"}, {"Cedar"})


def test_it_refuses_a_hand_over_to_somebody_who_reads_only_or_of_nothing(world) -> None:
    mara = member(world, "Mara", of="Birk")
    with pytest.raises(CannotHandOver, match="in this role"):
        hand_over(mara, taker=member(world, "Tom", Role.EXECUTIVE), by=mara, at=MONDAY)
    with pytest.raises(CannotHandOver, match="no partner"):
        hand_over(member(world, "Leo"), taker=mara, by=mara, at=MONDAY)
