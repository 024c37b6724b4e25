"""Scoping fails closed: a query that names no program raises instead of leaking."""

import pytest

from partnerloop.partners.models import Affiliation, Contact, Partner
from partnerloop.programs.scoping import ProgramNotNamed
from tests.world import make_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "read",
    [
        lambda: list(Partner.objects.all()),
        lambda: Partner.objects.filter(name="Birk").first(),
        lambda: Partner.objects.get(name="Birk"),
        lambda: Partner.objects.count(),
        lambda: Partner.objects.exists(),
        lambda: list(Partner.objects.values_list("name")),
        lambda: list(Partner.objects.iterator()),
        lambda: Partner.objects.update(name="x"),
        lambda: Partner.objects.filter(name="Birk").delete(),
        lambda: Partner.objects.in_bulk(),
        lambda: Partner.objects.aggregate(),
        lambda: Partner.objects.order_by("name").last(),
        lambda: bool(Partner.objects.all()),
    ],
)
def test_it_refuses_a_query_over_all_programs(read):
    make_world()
    with pytest.raises(ProgramNotNamed):
        read()


def test_it_reads_one_program_only():
    ours, theirs = make_world("ours"), make_world("theirs")
    assert Partner.objects.of(ours.program).count() == 3
    names = Contact.objects.of(theirs.program).values_list("program__slug", flat=True)
    assert set(names) == {"theirs"}


def test_related_rows_are_scoped_by_what_they_hang_on():
    world = make_world()
    partner = world.partners["Birk"]
    assert partner.affiliations.count() == 2
    fetched = Partner.objects.of(world.program).prefetch_related("affiliations").get(name="Birk")
    assert len(fetched.affiliations.all()) == 2


def test_subqueries_of_a_scoped_query_stay_usable():
    world = make_world()
    chosen = Partner.objects.of(world.program).filter(name="Birk")
    assert Affiliation.objects.of(world.program).filter(partner__in=chosen).count() == 2


def test_all_programs_are_read_only_when_said_so():
    make_world("ours")
    make_world("theirs")
    assert Partner.objects.across_programs().count() == 6
