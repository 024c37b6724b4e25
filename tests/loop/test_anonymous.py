"""Anonymous from the link to the ledger: sealed, mixed, counted once, and paired with nobody."""

import base64
import hashlib
import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from partnerloop.core.clock import week_of
from partnerloop.core.models import AuditEntry, Event, Message
from partnerloop.evidence.anonymity import cells, count_rounds
from partnerloop.evidence.models import Atom, LooseAnswer, NamedAnswer, PendingAnswer
from partnerloop.evidence.offering import offer
from partnerloop.loop.asking import NoModeOffered, launch
from partnerloop.loop.receiving import receive
from partnerloop.loop.unsealing import sweep, unseal_rounds
from partnerloop.programs.models import Mode
from partnerloop.programs.sealing import unseal
from partnerloop.pulses.models import Invitation
from partnerloop.release.comments import let_go
from partnerloop.release.models import HeldComment
from partnerloop.responses import dropping
from partnerloop.responses.accepted import Submission
from partnerloop.responses.drops import Drop, SpentLink
from partnerloop.responses.identities import Identity
from partnerloop.responses.intake import AlreadyAnswered, ModeNotOffered
from partnerloop.responses.models import AnonymousComment, AnonymousReceipt, Answer, Response
from partnerloop.responses.participation import Participation
from partnerloop.responses.reply import open_receipt
from tests.world import MONDAY, World, company, make_world, person

pytestmark = pytest.mark.django_db
KEY = b"a key of this test"
KEYS = ("partnerscore", "conflict_intensity", "communication_open_low")
MODES = ["named", "confidential", "anonymous"]
NEXT = week_of(MONDAY.date()) + timedelta(weeks=1)
OVER = NEXT + timedelta(weeks=4)
HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    """Return the cast with a fourth and fifth company, so that ten people can be invited."""
    world = make_world()
    for number, firm in enumerate(("Dorn", "Esk")):
        company(world, firm, {"type": "reseller", "tier": "silver", "region": "EMEA"})
        for name in ("Hal", "Ida", "Jon"):
            person(world, f"{name}{number} Moe{number}", at=firm, role="sales")
    return world


def asked(world: World, modes: list[str] | None = None, **changes) -> list[Invitation]:
    """Ask everybody the same questions, in one group."""
    pulse = world.pulse(
        modes=modes or MODES, launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28), **changes
    )
    found = [world.ask(name, pulse=pulse, at=MONDAY, keys=KEYS) for name in world.people]
    Invitation.objects.of(world.program).update(cell="all")
    rows = Invitation.objects.of(world.program).select_related(*RELATED)
    return [rows.get(pk=one.pk) for one in found]


RELATED = ("program", "pulse", "contact", "partner")


def say(invitation: Invitation, value: int, words: str = "") -> str:
    given = {invitation.asked[0]: value, invitation.asked[1]: 10 - value}
    said = {invitation.asked[2]: words} if words else {}
    return receive(
        invitation, Submission(Mode.ANONYMOUS, given, said), at=MONDAY + HOUR
    ).receipt_token


def unseal_week(world: World, week=NEXT, seed: int = 1) -> None:
    unseal_rounds(world.program, week=week, rng=random.Random(seed))


def test_an_anonymous_answer_leaves_a_sealed_drop_and_nothing_else(world):
    links = asked(world)
    noted = AuditEntry.objects.count()
    say(links[0], 3, "Quiet words")
    drop = Drop.objects.of(world.program).get()
    assert "Quiet words" not in drop.sealed
    assert "Quiet words" in unseal(drop.sealed)
    for table in (Response, Answer, Identity, Participation, NamedAnswer, PendingAnswer):
        assert not table.objects.of(world.program).exists()
    assert not Event.objects.exists()
    assert not Message.objects.exists()
    assert AuditEntry.objects.count() == noted


def test_a_sealed_drop_does_not_carry_its_second(world):
    say(asked(world)[0], 3)
    sealed = Drop.objects.of(world.program).get().sealed
    second = int.from_bytes(base64.urlsafe_b64decode(sealed)[1:9], "big")
    assert second == 0


def test_a_link_answers_anonymously_once(world):
    link = asked(world)[0]
    say(link, 3)
    with pytest.raises(AlreadyAnswered):
        say(link, 9)
    with pytest.raises(AlreadyAnswered):
        receive(link, Submission(Mode.NAMED, {link.asked[0]: 9}), at=MONDAY + HOUR)


def test_fewer_than_five_stay_sealed(world):
    for link in asked(world)[:4]:
        say(link, 3)
    unseal_week(world)
    assert Drop.objects.of(world.program).count() == 4
    assert not LooseAnswer.objects.of(world.program).exists()
    assert not Participation.objects.of(world.program).exists()


def test_five_are_mixed_and_only_then_it_is_noted_that_they_answered(world):
    links = asked(world)
    for number, link in enumerate(links[:5]):
        say(link, number)
    unseal_week(world)
    loose = LooseAnswer.objects.of(world.program).filter(measure="partnerscore")
    assert sorted(loose.values_list("value", flat=True)) == [0, 1, 2, 3, 4]
    answered = Participation.objects.of(world.program).values_list("invitation", flat=True)
    assert set(answered) == {link.pk for link in links[:5]}
    assert set(Participation.objects.of(world.program).values_list("week", flat=True)) == {
        NEXT - timedelta(weeks=1)
    }
    assert not Drop.objects.of(world.program).exists()
    assert not SpentLink.objects.of(world.program).exists()


def test_a_mixed_link_still_cannot_be_used_again(world):
    links = asked(world)
    for link in links[:5]:
        say(link, 3)
    unseal_week(world)
    with pytest.raises(AlreadyAnswered):
        say(links[0], 9)


def test_a_round_is_one_atom_for_each_measure_once_it_is_over(world):
    for link in asked(world)[:6]:
        say(link, 4)
    unseal_week(world)
    assert count_rounds(world.program, week=NEXT, key=KEY) == [], "the round is still open"
    made = count_rounds(world.program, week=OVER, key=KEY)
    assert sorted(atom.measure for atom in made) == ["conflict", "partnerscore"]
    assert {(atom.kind, atom.partner, atom.band) for atom in made} == {("anonymous", None, "5–9")}
    assert all(abs(float(atom.value) - 4) < 1.5 for atom in made), "the reversed item is turned"
    assert not LooseAnswer.objects.of(world.program).exists()
    assert count_rounds(world.program, week=OVER, key=KEY) == []
    assert Atom.objects.of(world.program).count() == 2


def test_too_few_in_a_round_count_nowhere_and_nobody_is_noted(world):
    for link in asked(world)[:4]:
        say(link, 4, f"Words of {link.contact_id}")
    unseal_week(world, OVER)
    assert count_rounds(world.program, week=OVER, key=KEY) == []
    assert not Participation.objects.of(world.program).exists()
    assert not SpentLink.objects.of(world.program).exists()
    assert AnonymousComment.objects.of(world.program).count() == 4, "words get their answer"


def test_late_comers_hide_among_those_before_them(world):
    links = asked(world)
    for link in links[:6]:
        say(link, 2)
    unseal_week(world)
    before = set(LooseAnswer.objects.of(world.program).values_list("pk", flat=True))
    say(links[6], 9)
    unseal_week(world, OVER)
    after = LooseAnswer.objects.of(world.program)
    assert after.count() == len(before) + 2
    assert not before & set(after.values_list("pk", flat=True)), "all rows are written anew"


def test_a_crash_between_the_two_halves_leaves_the_flags_for_the_next_run(world):
    links = asked(world)
    for link in links[:5]:
        say(link, 2)
    unseal_week(world)
    Participation.objects.of(world.program).delete()
    SpentLink.objects.bulk_create(
        SpentLink(program=world.program, invitation=link) for link in links[:5]
    )
    unseal_week(world, NEXT + timedelta(weeks=1))
    assert Participation.objects.of(world.program).count() == 5


def test_anonymous_words_are_held_scrubbed_and_reach_only_their_receipt(world):
    links = asked(world)
    token = say(links[0], 4, "Ask Ana Keller at Birk, ana@alder.example.")
    for link in links[1:5]:
        say(link, 4)
    assert open_receipt(token).comments == ()
    unseal_week(world)
    assert HeldComment.objects.of(world.program).count() == 1
    thursday = MONDAY + timedelta(days=10)
    (out,) = let_go(world.program, at=thursday, rng=random.Random(1))
    assert (out.partner, out.contact, out.label) == (None, None, "one of your partners")
    assert [name for name in ("Ana", "Keller", "Birk", "@") if name in out.text] == []
    (said,) = open_receipt(token).comments
    assert said.comment_id == out.comment_id
    assert open_receipt(token).partner_name == ""


def test_a_receipt_without_words_leads_to_no_value(world):
    links = asked(world)
    tokens = [say(link, 4) for link in links[:5]]
    unseal_week(world)
    shown = open_receipt(tokens[0])
    assert (shown.ratings, shown.comments) == ((), ())
    assert AnonymousReceipt.objects.of(world.program).count() == 5


@pytest.mark.parametrize("mixed", [False, True])
def test_no_order_of_rows_or_transactions_pairs_answers_with_people(world, mixed):
    """Dump both tables as the database keeps them and pair first with first, second with second."""
    right, pairs = 0, 0
    for attempt in range(4):
        for table in (AnonymousReceipt, Drop, SpentLink, Participation, Invitation):
            table.objects.of(world.program).delete()
        links = asked(world, name=f"Round {attempt}")
        random.Random(attempt).shuffle(links)
        told = {say(link, 4, f"Words {link.contact_id}"): link.pk for link in links[:10]}
        if mixed:
            unseal_week(world, seed=attempt)
        spent = "responses_participation" if mixed else "responses_spentlink"
        sealed = "responses_anonymousreceipt" if mixed else "responses_drop"
        people = stored(spent, "invitation_id")
        tokens = stored(sealed, "token_hash")
        owner = {hash_of(token): str(link).replace("-", "") for token, link in told.items()}
        assert len(people) == len(tokens) == 10
        pairs += 10
        right += sum(
            owner[token] == str(who).replace("-", "")
            for token, who in zip(tokens, people, strict=True)
        )
    assert right / pairs < 0.4, "chance is a tenth"


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def stored(table: str, column: str) -> list[str]:
    """Return a column in the order in which the database wrote its rows."""
    order = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY {order}")
        return [row[0] for row in cursor.fetchall()]


def test_nothing_of_a_drop_is_finer_than_a_week(world):
    for link in asked(world)[:5]:
        say(link, 4, "Words")
    unseal_week(world)
    for table in (Drop, SpentLink, LooseAnswer, AnonymousReceipt, AnonymousComment):
        kinds = {field.get_internal_type() for field in table._meta.get_fields()}
        assert "DateTimeField" not in kinds
        assert not kinds & {"GenericIPAddressField", "AutoField", "BigAutoField"}


def test_ten_people_of_three_companies_none_above_half_make_a_group(world):
    people = {name: partner.pk for name, partner in world.partners.items()}
    alder, birk, cedar = people["Alder & Finch"], people["Birk"], people["Cedar"]
    wide = [alder] * 5 + [birk] * 3 + [cedar] * 2
    assert set(cells(world.program, wide, on=NEXT).values()) == {"all"}
    for narrow in (wide[1:], [alder] * 6 + [birk] * 3 + [cedar], [alder] * 5 + [birk] * 5):
        assert set(cells(world.program, narrow, on=NEXT).values()) == {""}


def test_many_partners_of_a_type_are_a_group_of_their_own(world):
    numbers = {name: partner.pk for name, partner in world.partners.items()}
    resellers = [numbers[n] for n in ("Birk", "Cedar", "Dorn", "Esk")] * 15
    alone = cells(world.program, resellers, on=NEXT)
    assert set(alone.values()) == {"type|reseller"}
    joined = cells(world.program, [*resellers, numbers["Alder & Finch"]], on=NEXT)
    assert set(joined.values()) == {"all"}, "a rest that is too small is never left alone"


def test_launching_fixes_the_group_and_offers_it(world):
    pulse = world.pulse()
    launch(pulse, by=world.priya, at=MONDAY)
    made = Invitation.objects.of(world.program).filter(pulse=pulse).select_related(*RELATED)
    assert {one.cell for one in made} == {"all"}
    assert Mode.ANONYMOUS in offer(made[0], at=MONDAY + HOUR).modes


def test_an_anonymous_only_pulse_to_too_few_is_refused(world):
    for firm in ("Dorn", "Esk"):
        world.partners[firm].delete()
    with pytest.raises(NoModeOffered):
        launch(world.pulse(modes=["anonymous"]), by=world.priya, at=MONDAY)


def test_anonymous_is_not_taken_where_no_group_was_fixed(world):
    (link, *_) = asked(world)
    link.cell = ""
    with pytest.raises(ModeNotOffered):
        say(link, 4)
    assert not Drop.objects.of(world.program).exists()


@pytest.mark.django_db(transaction=True)
def test_the_drops_of_a_round_carry_no_trace_of_who_came_when(world):
    """PostgreSQL keeps the transaction that wrote a row; all drops were written by the newest."""
    for link in asked(world)[:5]:
        say(link, 4)
    hashes = stored("responses_drop", "token_hash")
    assert hashes == sorted(hashes)
    if connection.vendor == "postgresql":
        assert len(set(stored("responses_drop", "xmin::text"))) == 1
        assert len(set(stored("responses_spentlink", "xmin::text"))) == 5
    unseal_week(world)
    sweep()
    answered = stored("responses_participation", "invitation_id")
    assert len(answered) == 5
    if connection.vendor == "postgresql":
        shared = [
            set(stored(table, "xmin::text"))
            for table in ("responses_participation", "evidence_looseanswer")
        ]
        assert not shared[0] & shared[1], "who answered and what are two transactions"


def test_in_a_large_round_as_many_as_hide_an_answer_are_written_anew(world, monkeypatch):
    monkeypatch.setattr(dropping, "MIXED", 3)
    links = asked(world)
    for link in links:
        say(link, 4)
    assert Drop.objects.of(world.program).count() == len(links)
    written = rewritten_with(links[0], world)
    assert len(written) == 3, "three others, and no more, are new rows beside the answer"


def rewritten_with(link: Invitation, world: World) -> set[str]:
    """Return which drops got a new row when one more was put."""
    table, name = Drop._meta.db_table, connection.vendor
    place = "rowid" if name == "sqlite" else "ctid"

    def rows() -> dict[str, str]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT token_hash, CAST({place} AS text) FROM {table}")
            return dict(cursor.fetchall())

    before = rows()
    SpentLink.objects.of(world.program).filter(invitation=link).delete()
    dropping.put(link, {link.asked[0]: 5}, {})
    after = rows()
    return {drop for drop, there in before.items() if after[drop] != there}


@pytest.mark.django_db(transaction=True)
def test_copies_of_the_database_from_between_arrivals_pair_no_drop_with_its_link(world):
    """Whoever holds a backup of two evenings sees which links and drops are new, in no order."""
    right = pairs = 0
    for attempt in range(4):
        for table in (Drop, SpentLink, Invitation):
            table.objects.of(world.program).delete()
        links = asked(world, name=f"Evening {attempt}")
        random.Random(attempt).shuffle(links)
        owner = {hash_of(say(link, 4)): bare(link.pk) for link in links[:4]}
        before = stored("responses_drop", "token_hash"), stored("responses_spentlink", PAIRED)
        owner |= {hash_of(say(link, 4)): bare(link.pk) for link in links[4:9]}
        after = stored("responses_drop", "token_hash"), stored("responses_spentlink", PAIRED)
        drops, spent = (
            [one for one in new if one not in old] for old, new in zip(before, after, strict=True)
        )
        assert len(drops) == len(spent) == 5
        pairs += 5
        right += sum(owner[d] == bare(s) for d, s in zip(drops, spent, strict=True))
    assert right / pairs < 0.6, "chance is a fifth"


PAIRED = "invitation_id"


def bare(number: object) -> str:
    return str(number).replace("-", "")


@pytest.mark.django_db(transaction=True)
def test_a_backup_from_after_the_sweep_holds_nothing_of_any_drop(world):
    """Neither the database's file nor its log keeps an older version of a sealed answer."""
    seals: set[str] = set()
    for link in asked(world)[:6]:
        say(link, 4, f"Words of {link.contact_id}")
        seals |= set(Drop.objects.of(world.program).values_list("sealed", flat=True))
    assert all(seal in backup() for seal in seals)
    unseal_week(world)
    sweep()
    left = backup()
    assert [seal for seal in seals if seal in left] == []


def backup() -> str:
    """Return the bytes in which the database keeps its drops, its log included, as text."""
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        files = (file, file.with_name(f"{file.name}-wal"))
        return "".join(one.read_bytes().decode("latin-1") for one in files if one.exists())
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath('responses_drop'))")
        return bytes(cursor.fetchone()[0]).decode("latin-1")
