from datetime import timedelta

import pytest
from django.test import Client

from partnerloop.demo.doors import guests
from partnerloop.partners.models import PartnerAssignment
from partnerloop.pulses.models import Invitation
from partnerloop.pulses.tokens import answer_url, invitation_token
from tests.world import LONG_AGO, MONDAY, World, make_world


@pytest.fixture
def world() -> World:
    world = make_world()
    PartnerAssignment.objects.create(
        program=world.program,
        partner=world.partners["Alder & Finch"],
        member=world.priya,
        since=LONG_AGO.date(),
    )
    world.ask("Ana Keller", pulse=world.pulse(), at=MONDAY - timedelta(days=60), keys=("ease",))
    return world


@pytest.mark.django_db
def test_a_newcomer_sees_the_largest_partner_through_its_people_and_its_manager(
    world: World,
) -> None:
    chosen = guests(world.program, at=MONDAY)
    assert chosen.chief == world.priya.user
    assert chosen.manager == world.priya.user
    assert chosen.partner.name == "Alder & Finch"
    assert chosen.contact.affiliations.get().partner == chosen.partner


@pytest.mark.django_db
def test_the_invitation_is_fresh_open_and_the_same_all_day(world: World) -> None:
    chosen = guests(world.program, at=MONDAY)
    assert chosen.invitation.asked_at == MONDAY
    assert chosen.invitation.expires_at > MONDAY + timedelta(days=6)
    assert chosen.invitation.contact == chosen.contact
    again = guests(world.program, at=MONDAY + timedelta(hours=5))
    assert again.invitation == chosen.invitation
    tomorrow = guests(world.program, at=MONDAY + timedelta(days=1))
    assert tomorrow.invitation != chosen.invitation
    assert Invitation.objects.of(world.program).count() == 3


@pytest.mark.django_db
def test_its_link_opens_the_answer_page(world: World) -> None:
    chosen = guests(world.program, at=MONDAY)
    Invitation.objects.of(world.program).update(expires_at=MONDAY + timedelta(days=9999))
    address = answer_url(invitation_token(chosen.invitation.pk))
    assert Client().get(address).status_code == 200
