"""Moments read as the database writes them are the moments that were stored."""

from datetime import UTC, datetime, timedelta

from django.db.models import F

from partnerloop.core.moments import Moments, last_written, written
from partnerloop.partners.models import Contact
from tests.world import World

WHOLE = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
STORED = [WHOLE, WHOLE + timedelta(microseconds=500), datetime(2026, 3, 29, 3, 0, 1, tzinfo=UTC)]


class TestMoments:
    def test_each_is_the_moment_that_was_stored(self, world: World) -> None:
        people = Contact.objects.of(world.program).order_by("pk")
        for person, moment in zip(people, STORED, strict=False):
            Contact.objects.of(world.program).filter(pk=person.pk).update(entered_at=moment)
        moments = Moments()
        rows = people.annotate(text=written("entered_at")).values_list("text", "entered_at")
        assert [moments[text] for text, _ in rows] == [moment for _, moment in rows]
        assert set(STORED) <= set(moments.values())

    def test_the_last_of_a_group_is_its_last(self, world: World) -> None:
        person = Contact.objects.of(world.program).order_by("pk")[0]
        Contact.objects.of(world.program).update(entered_at=STORED[0])
        Contact.objects.of(world.program).filter(pk=person.pk).update(entered_at=STORED[2])
        rows = Contact.objects.of(world.program).order_by().values_list(F("program_id"))
        ((_, text),) = rows.annotate(last=last_written("entered_at"))
        assert Moments()[text] == STORED[2]

    def test_an_offset_is_taken_into_account(self) -> None:
        assert Moments()["2026-03-29 03:00:00+02"] == WHOLE
        assert Moments()["2026-03-29 03:00:00+02"].tzinfo is UTC
