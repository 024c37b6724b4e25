"""The tick: every answer in at most one atom, every atom wide enough, nothing ever recomputed."""

import random
import uuid
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerloop.core.clock import week_of
from partnerloop.evidence.models import Atom, PendingAnswer
from partnerloop.evidence.tick import Draft, atom_of, purge, tick
from partnerloop.partners.models import Affiliation
from partnerloop.programs.models import Mode
from partnerloop.responses.identities import Pseudonym
from tests.world import MONDAY, World, company, make_world, person

KEY = b"a key of this test"
WEEK = week_of(MONDAY.date())
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def wait(world: World, partner: str, values: list[int], *, day: date | None = None, who=None):
    """Let people of a partner wait with values; `who` are their pseudonyms."""
    rows = []
    for number, value in enumerate(values):
        rows.append(
            PendingAnswer(
                program=world.program,
                answer_id=uuid.uuid4(),
                partner=world.partners[partner],
                pseudonym=who[number] if who else uuid.uuid4(),
                measure="partnerscore",
                value=value,
                day=day or WEEK - timedelta(days=3),
                waits_since=day or WEEK - timedelta(days=3),
            )
        )
    PendingAnswer.objects.bulk_create(rows)
    return rows


def ledger(world: World):
    return list(Atom.objects.of(world.program).order_by("week", "id"))


def test_three_people_of_a_company_make_one_atom(world):
    wait(world, "Alder & Finch", [6, 7, 8])
    tick(world.program, week=WEEK, key=KEY)
    (atom,) = ledger(world)
    assert (atom.kind, atom.partner, atom.band) == (
        "company",
        world.partners["Alder & Finch"],
        "3–4",
    )
    assert abs(float(atom.value) - 7) < 2.5
    assert float(atom.blur_sd) == 0.5


def test_two_people_wait(world):
    wait(world, "Alder & Finch", [6, 7])
    tick(world.program, week=WEEK, key=KEY)
    assert ledger(world) == []
    assert PendingAnswer.objects.of(world.program).filter(pool="").count() == 2


def test_answers_of_this_week_wait_for_the_next_tick(world):
    wait(world, "Alder & Finch", [6, 7, 8], day=WEEK)
    tick(world.program, week=WEEK, key=KEY)
    assert ledger(world) == []
    tick(world.program, week=WEEK + timedelta(weeks=1), key=KEY)
    assert len(ledger(world)) == 1


def test_a_company_that_is_too_small_moves_to_a_pool_at_once(world):
    wait(world, "Birk", [6, 7])
    tick(world.program, week=WEEK, key=KEY)
    pools = set(PendingAnswer.objects.of(world.program).values_list("pool", flat=True))
    assert pools == {"pool|reseller|silver|EMEA"}


def test_a_pool_needs_five_people_of_three_companies_none_above_half(world):
    for name in ("Dorn", "Esk"):
        company(world, name, {"type": "reseller", "tier": "silver", "region": "EMEA"})
    wait(world, "Birk", [6, 7, 5])
    wait(world, "Dorn", [8])
    tick(world.program, week=WEEK, key=KEY)
    assert ledger(world) == []
    wait(world, "Esk", [4])
    tick(world.program, week=WEEK + timedelta(weeks=1), key=KEY)
    assert ledger(world) == [], "one of three companies holds three of five"
    wait(world, "Esk", [4])
    tick(world.program, week=WEEK + timedelta(weeks=2), key=KEY)
    (atom,) = ledger(world)
    assert (atom.kind, atom.partner, atom.band) == ("pool", None, "5–9")
    assert atom.scope == {"type": "reseller", "tier": "silver", "region": "EMEA"}


def test_a_group_counts_as_one_company(world):
    for name in ("Dorn", "Esk"):
        company(world, name, {"type": "reseller", "tier": "silver", "region": "EMEA"})
        world.partners[name].parent = world.partners["Birk"]
        world.partners[name].save()
    wait(world, "Birk", [6, 7])
    wait(world, "Dorn", [8, 8])
    wait(world, "Esk", [4, 4])
    tick(world.program, week=WEEK, key=KEY)
    assert ledger(world) == []


def test_a_pool_that_stays_thin_is_widened_after_four_weeks(world):
    wait(world, "Birk", [6, 7])
    tick(world.program, week=WEEK, key=KEY)
    tick(world.program, week=WEEK + timedelta(weeks=4), key=KEY)
    pools = set(PendingAnswer.objects.of(world.program).values_list("pool", flat=True))
    assert pools == {"pool|reseller|silver"}


def test_running_a_tick_again_changes_nothing(world):
    wait(world, "Alder & Finch", [6, 7, 8])
    tick(world.program, week=WEEK, key=KEY)
    before = ledger(world)
    tick(world.program, week=WEEK, key=KEY)
    assert [(a.pk, a.value) for a in ledger(world)] == [(a.pk, a.value) for a in before]


def test_the_blur_is_the_same_for_the_same_answers_and_another_for_another_key(world):
    rows = wait(world, "Alder & Finch", [6, 7, 8])
    tick(world.program, week=WEEK, key=KEY)
    first = ledger(world)[0].value
    Atom.objects.of(world.program).delete()
    PendingAnswer.objects.of(world.program).update(consumed_in=None)
    tick(world.program, week=WEEK, key=KEY)
    assert ledger(world)[0].value == first
    values = set()
    for number in range(6):
        Atom.objects.of(world.program).delete()
        PendingAnswer.objects.of(world.program).update(consumed_in=None)
        tick(world.program, week=WEEK, key=b"%d" % number)
        values.add(ledger(world)[0].value)
    assert len(values) > 1
    assert len(rows) == 3


def test_a_batch_of_corrected_answers_is_blurred_anew(world):
    """The same people correct what they said: the same blur would tell by how much exactly."""
    rows = wait(world, "Alder & Finch", [6, 7, 8])
    moved = set()
    for shift in range(3):
        for row in rows:
            row.value += int(shift > 0)
        draft = Draft(Atom.Kind.COMPANY, rows[0].partner_id, {}, "partnerscore", rows)
        atom = atom_of(world.program, draft, week=WEEK, key=KEY)
        moved.add(round(float(atom.value) - sum(row.value for row in rows) / 3, 1))
    assert len(moved) > 1


def test_answers_nobody_could_be_grouped_with_expire_after_182_days(world):
    wait(world, "Cedar", [2], day=WEEK - timedelta(days=183))
    tick(world.program, week=WEEK, key=KEY)
    assert not PendingAnswer.objects.of(world.program).exists()
    assert ledger(world) == []


def test_counted_rows_go_after_35_days_and_the_atom_stays(world):
    rows = wait(world, "Alder & Finch", [6, 7, 8])
    tick(world.program, week=WEEK, key=KEY)
    assert purge(world.program, on=WEEK + timedelta(days=34)) == []
    gone = purge(world.program, on=WEEK + timedelta(days=35))
    assert set(gone) == {str(row.answer_id) for row in rows}
    assert not PendingAnswer.objects.of(world.program).exists()
    assert len(ledger(world)) == 1


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32 - 1))
def test_invariants_hold_through_random_weeks(seed, transactional_world):
    """Single assignment, size, append-only: on random companies, people, answers and weeks."""
    rng, world = random.Random(seed), transactional_world()
    names = ["Alder & Finch", "Birk", "Cedar", "Dorn", "Esk", "Fell"]
    seen: dict[uuid.UUID, tuple] = {}
    for number in range(8):
        week = WEEK + timedelta(weeks=number)
        for name in names:
            everybody = world.staff[name]
            speakers = rng.sample(everybody, rng.randint(0, len(everybody)))
            fresh = [p for p in speakers if not _waits(world, p)]
            values = [rng.randint(0, 10) for _ in fresh]
            wait(world, name, values, day=week - timedelta(days=rng.randint(1, 6)), who=fresh)
        before = {row.pk: row for row in PendingAnswer.objects.of(world.program)}
        atoms = tick(world.program, week=week, key=KEY)
        after = list(PendingAnswer.objects.of(world.program).filter(consumed_in=week))
        assert all(before[row.pk].consumed_in is None for row in after)
        assert all(row.day < week for row in after)
        _sizes_hold(world, atoms, after)
        for atom in Atom.objects.of(world.program):
            value = (atom.value, atom.band, atom.week, atom.kind, atom.partner_id)
            assert seen.setdefault(atom.pk, value) == value
        assert len(seen) == Atom.objects.of(world.program).count()


def _waits(world, pseudonym) -> bool:
    waiting = PendingAnswer.objects.of(world.program).filter(consumed_in__isnull=True)
    return waiting.filter(pseudonym=pseudonym).exists()


def _sizes_hold(world, atoms, consumed) -> None:
    """Check that the answers consumed this week can be shared out among the atoms of this week."""
    by_partner: dict[int, set] = {}
    for row in consumed:
        by_partner.setdefault(row.partner_id, set()).add(row.pseudonym)
    for atom in atoms:
        if atom.kind == Atom.Kind.COMPANY:
            assert len(by_partner[atom.partner_id]) >= world.program.company_minimum
    pooled = [row for row in consumed if row.pool]
    if any(atom.kind == Atom.Kind.POOL for atom in atoms):
        assert len({row.pseudonym for row in pooled}) >= world.program.pool_people
        assert len({row.partner_id for row in pooled}) >= world.program.pool_companies
    else:
        assert not pooled


@pytest.fixture
def transactional_world(db):
    """Return a maker of fresh worlds: each example of Hypothesis gets its own program."""
    made = []

    def make():
        world = make_world(f"w{len(made)}")
        made.append(world)
        for name, size in (("Dorn", 1), ("Esk", 2), ("Fell", 1)):
            company(world, name, {"type": "reseller", "tier": "silver", "region": "EMEA"})
            for number in range(size):
                person(world, f"{name}{number} Person", at=name, role="sales")
        current = Affiliation.objects.of(world.program)
        world.staff = {
            name: [uuid.uuid4() for _ in range(current.filter(partner=partner).count())]
            for name, partner in world.partners.items()
        }
        return world

    return make


def test_people_who_are_not_seasoned_do_not_make_a_company_large(world):
    for name, mailbox in (("Ana Keller", "info"), ("Ben Okafor", "sales")):
        contact = world.people[name]
        contact.email = f"{mailbox}@alder.example"
        contact.save()
    wait(world, "Alder & Finch", [6, 7, 8])
    tick(world.program, week=WEEK, key=KEY)
    assert [atom.kind for atom in ledger(world)] == []
    assert PendingAnswer.objects.of(world.program).exclude(pool="").count() == 3


def works_for_two(world: World, name: str, partners: tuple[str, str]) -> list[uuid.UUID]:
    """Let a contact answer confidentially for two partners; return both pseudonyms."""
    return [
        Pseudonym.objects.create(
            program=world.program,
            contact=world.people[name],
            partner=world.partners[partner],
            mode=Mode.CONFIDENTIAL,
        ).value
        for partner in partners
    ]


def test_a_contact_of_two_partners_is_one_person_in_a_pool(world):
    company(world, "Dorn", {"type": "reseller", "tier": "silver", "region": "EMEA"})
    company(world, "Esk", {"type": "reseller", "tier": "silver", "region": "EMEA"})
    one, same = works_for_two(world, "Finn Berg", ("Birk", "Dorn"))
    wait(world, "Birk", [6, 7], who=[one, uuid.uuid4()])
    wait(world, "Dorn", [8], who=[same])
    wait(world, "Esk", [5, 6])
    tick(world.program, week=WEEK, key=KEY)
    assert ledger(world) == [], "four people, however many answers"
    wait(world, "Dorn", [7])
    (atom,) = tick(world.program, week=WEEK, key=KEY)
    assert (atom.kind, atom.band, float(atom.blur_sd)) == ("pool", "5–9", 0.3)


def test_who_answered_for_two_partners_counts_once_in_the_mean(world):
    one, same = works_for_two(world, "Finn Berg", ("Birk", "Cedar"))
    others = [uuid.uuid4(), uuid.uuid4()]
    rows = wait(world, "Birk", [0, 10, 10], who=[one, *others])
    rows += wait(world, "Cedar", [10], who=[same])
    world.program.blur = 0
    draft = Draft("pool", None, {}, "partnerscore", rows, {one: one, same: one})
    atom = atom_of(world.program, draft, week=WEEK, key=KEY)
    assert float(atom.value) == 8.3, "the mean of 5, 10 and 10"
    assert atom.band == "3–4"
