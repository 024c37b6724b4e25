"""Roles and ends of memberships: nobody locks the program, and no partner is left alone."""

import pytest

from partnerloop.accounts.models import Role
from partnerloop.core.models import AuditEntry
from partnerloop.partners.departments import DepartmentExists, Described, describe, found
from partnerloop.partners.looking_after import hand_over
from partnerloop.partners.members import MembershipKept, change_role, end_membership
from tests.partners.test_looking_after import member
from tests.world import MONDAY, World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_a_role_changes_and_the_log_names_the_field_not_the_value(world) -> None:
    leo = member(world, "Leo")
    assert change_role(leo, Role.CHIEF, by=world.priya, at=MONDAY)
    assert not change_role(leo, Role.CHIEF, by=world.priya, at=MONDAY)
    entry = AuditEntry.objects.get(action="member.role_changed")
    assert (entry.target, entry.fields) == (f"member:{leo.pk}", ["role"])


def test_only_an_owner_makes_owners(world) -> None:
    leo, olga = member(world, "Leo"), member(world, "Olga", Role.OWNER)
    with pytest.raises(MembershipKept, match="Only an owner"):
        change_role(leo, Role.OWNER, by=world.priya, at=MONDAY)
    with pytest.raises(MembershipKept, match="Only an owner"):
        end_membership(olga, by=world.priya, at=MONDAY)
    assert change_role(leo, Role.OWNER, by=olga, at=MONDAY)


def test_the_last_owner_stays(world) -> None:
    olga = member(world, "Olga", Role.OWNER)
    for act in (
        lambda: change_role(olga, Role.CHIEF, by=olga, at=MONDAY),
        lambda: end_membership(olga, by=olga, at=MONDAY),
    ):
        with pytest.raises(MembershipKept, match="last owner"):
            act()


def test_who_looks_after_partners_hands_them_over_before_leaving(world) -> None:
    mara, leo = member(world, "Mara", of="Birk"), member(world, "Leo")
    with pytest.raises(MembershipKept, match="hand them over"):
        end_membership(mara, by=world.priya, at=MONDAY)
    with pytest.raises(MembershipKept, match="hand them over"):
        change_role(mara, Role.EXECUTIVE, by=world.priya, at=MONDAY)
    hand_over(mara, taker=leo, by=world.priya, at=MONDAY)
    end_membership(mara, by=world.priya, at=MONDAY)
    mara.refresh_from_db()
    assert mara.ended_on == MONDAY.date()


def test_a_department_loses_its_lead_with_the_membership(world) -> None:
    lea = member(world, "Lea", Role.LEAD)
    support = found(world.program, Described("Support", lea, 12), by=world.priya, at=MONDAY)
    end_membership(lea, by=world.priya, at=MONDAY)
    support.refresh_from_db()
    assert support.lead is None


def test_departments_have_names_and_keys_of_their_own(world) -> None:
    first = found(world.program, Described("Support", None, 12), by=world.priya, at=MONDAY)
    second = found(world.program, Described("Support!", None, 3), by=world.priya, at=MONDAY)
    assert (first.key, second.key) == ("support", "support-2")
    with pytest.raises(DepartmentExists):
        found(world.program, Described("SUPPORT", None, 1), by=world.priya, at=MONDAY)
    with pytest.raises(DepartmentExists):
        describe(second, Described("Support", None, 1), by=world.priya, at=MONDAY)
    describe(first, Described("Care", None, 12), by=world.priya, at=MONDAY)
    assert AuditEntry.objects.get(action="department.changed").fields == ["name"]
