"""A person's wish to be asked no more, and addresses that are not written to."""

import pytest

from partnerloop.core import outbox
from partnerloop.core.models import AuditEntry, Message
from partnerloop.partners.models import Contact
from partnerloop.partners.stopping import resume_asking, stop_asking, suppress, suppressed
from partnerloop.programs.models import Suppression
from tests.world import MONDAY, World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def mail(world: World, purpose: str, *, to: str = "Ana@Alder.example") -> None:
    message = Message(
        key=f"{world.program.slug}:{purpose}",
        program_id=world.program.pk,
        purpose=purpose,
        to=to,
        subject="-",
        text="-",
        created_at=MONDAY,
        available_at=MONDAY,
    )
    outbox.post([message])


def waiting() -> set[str]:
    rows = Message.objects.filter(finished_at__isnull=True)
    return set(rows.values_list("key", flat=True))


def test_asks_that_wait_are_withdrawn_and_replies_are_not(world: World) -> None:
    other = make_world("southwind")
    for purpose in ("invitation", "reminder", "reply"):
        mail(world, purpose)
    mail(other, "invitation")
    stop_asking(world.people["Ana Keller"], at=MONDAY)
    # what she said still gets its answer, and the other program has its own wishes
    assert waiting() == {"northwind:reply", "southwind:invitation"}
    other.people["Ana Keller"].refresh_from_db()
    assert other.people["Ana Keller"].stopped_at is None


def test_the_first_wish_keeps_its_moment(world: World) -> None:
    ana = world.people["Ana Keller"]
    assert stop_asking(ana, at=MONDAY)
    stale = Contact.objects.of(world.program).get(pk=ana.pk)
    stale.stopped_at = None
    assert not stop_asking(stale, at=MONDAY.replace(hour=20))
    ana.refresh_from_db()
    assert ana.stopped_at == MONDAY
    assert AuditEntry.objects.filter(action="contact.stopped").count() == 1


def test_a_person_may_come_back(world: World) -> None:
    ana = world.people["Ana Keller"]
    assert not resume_asking(ana, at=MONDAY)
    stop_asking(ana, at=MONDAY)
    assert resume_asking(ana, at=MONDAY)
    ana.refresh_from_db()
    assert ana.stopped_at is None


def test_an_address_is_kept_as_a_hash_only_and_once(world: World) -> None:
    for spelling in ("Ana@Alder.example", "ana@alder.example "):
        suppress(spelling, at=MONDAY, reason="bounced")
    [row] = Suppression.objects.values()
    assert "alder" not in str(row).lower()
    assert suppressed(["ANA@alder.example", "ben@alder.example"]) == {"ANA@alder.example"}


def test_many_addresses_are_looked_up_together(world: World) -> None:
    many = [f"p{number}@alder.example" for number in range(1200)]
    suppress(many[700], at=MONDAY, reason="bounced")
    assert suppressed(many) == {many[700]}
    assert suppressed([]) == set()
