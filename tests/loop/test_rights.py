"""Rights: what the vendor gets a copy of, what erasing takes, and what is forgotten when."""

import json
import random
from datetime import timedelta

import pytest
from click.testing import CliRunner

from partnerloop.actions.answering import answer
from partnerloop.actions.models import FeedbackItem
from partnerloop.actions.opening import open_items
from partnerloop.cli.main import main
from partnerloop.core.clock import week_of
from partnerloop.core.models import AuditEntry, Event, Message
from partnerloop.evidence.models import Atom, NamedAnswer, PendingAnswer
from partnerloop.evidence.tick import purge, tick
from partnerloop.integrations.keys.issuing import issue
from partnerloop.integrations.models import IdempotencyRecord
from partnerloop.loop.forgetting import forget
from partnerloop.loop.receiving import receive
from partnerloop.loop.rights import (
    as_csv,
    as_json,
    copy_for_person,
    copy_for_vendor,
    erase,
    erase_again,
    rekey,
    set_basis,
)
from partnerloop.partners.models import Contact, LawfulBasis
from partnerloop.planning.budget import reach
from partnerloop.planning.reasons import NotAsked
from partnerloop.programs.models import Mode, Suppression
from partnerloop.pulses.models import Invitation
from partnerloop.release.comments import consider, let_go
from partnerloop.release.models import HeldComment, ReleasedComment
from partnerloop.responses.accepted import Submission
from partnerloop.responses.identities import Identity, Pseudonym
from partnerloop.responses.models import Answer, Comment, Response
from partnerloop.responses.rights import forget_values
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db
KEYS = ("partnerscore", "communication_accuracy", "communication_open_low")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = week_of(MONDAY.date()) + timedelta(weeks=1)


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.PARTNERLOOP_HOME = tmp_path
    return make_world()


def say(world: World, name: str, mode: Mode, value: int, words: str = "") -> None:
    end = MONDAY + timedelta(days=28)
    pulse = world.pulse(
        f"{name} {mode} {value}", modes=["named", "confidential"], launched_at=MONDAY, closes_at=end
    )
    made = world.ask(name, pulse=pulse, at=MONDAY, keys=KEYS)
    given = {made.asked[0]: value, made.asked[1]: None}
    said = {made.asked[2]: words} if words else {}
    receive(made, Submission(mode, given, said), at=MONDAY + HOUR)
    for comment in Comment.objects.of(world.program).filter(text=words):
        contact = made.contact_id if mode == Mode.NAMED else None
        consider(world.program, [comment.pk], contact_id=contact, at=MONDAY + HOUR)


def counted(world: World) -> Atom:
    """Let three confidential people be counted."""
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois"):
        say(world, name, Mode.CONFIDENTIAL, 4, f"Quiet {name.split()[0].lower()}")
    (atom,) = tick(world.program, week=WEEK, key=b"k")
    atom.refresh_from_db()
    return atom


def test_the_vendors_copy_holds_no_unnamed_answer(world):
    say(world, "Ana Keller", Mode.NAMED, 9, "Loud words")
    say(world, "Ana Keller", Mode.CONFIDENTIAL, 2, "Quiet words")
    ana = world.people["Ana Keller"]
    told = as_json(copy_for_vendor(ana))
    assert "Loud words" in told
    assert "Quiet words" not in told
    assert [row["value"] for row in json.loads(told)["answers"]] == [9, "can't judge"]
    assert "Quiet words" in as_json(copy_for_person(ana))
    assert len(copy_for_vendor(ana)["asked"]) == 2


def test_a_copy_as_csv_runs_no_formula(world):
    say(world, "Ana Keller", Mode.NAMED, 9, "=1+1")
    lines = as_csv(copy_for_vendor(world.people["Ana Keller"])).splitlines()
    assert lines[0] == "table,row,field,value"
    assert any(line.endswith(",text,'=1+1") for line in lines)


def test_erasing_takes_the_person_and_changes_no_atom(world):
    atom = counted(world)
    say(world, "Ana Keller", Mode.NAMED, 9, "Loud words")
    say(world, "Ana Keller", Mode.CONFIDENTIAL, 3, "Waiting words")
    ana = world.people["Ana Keller"]
    number = ana.pk
    Message.objects.create(
        key="m", program_id=world.program.pk, purpose="reply", to=ana.email.upper(), subject="Hi",
        text="Hi", created_at=MONDAY, available_at=MONDAY,
    )  # fmt: skip
    before = (atom.value, atom.band, atom.week)
    erase(ana, by="user:1", at=MONDAY + DAY)
    atom.refresh_from_db()
    assert (atom.value, atom.band, atom.week) == before
    assert not Contact.objects.of(world.program).filter(pk=number).exists()
    assert not Invitation.objects.of(world.program).filter(contact=number).exists()
    assert not Message.objects.filter(to__iexact="ana@alder.example").exists()
    assert not Event.objects.filter(payload__contact=number).exists()
    assert not Comment.objects.of(world.program).filter(text__contains="words").exists()
    assert Suppression.objects.filter(pk=Suppression.hash_of("ana@alder.example")).exists()
    assert Response.objects.of(world.program).count() == 2, "the others' are untouched"
    assert (
        not HeldComment.objects.of(world.program)
        .exclude(comment_id__in=Comment.objects.of(world.program).values("pk"))
        .exists()
    )


def test_an_erased_persons_named_value_is_nobodys(world):
    say(world, "Ana Keller", Mode.NAMED, 9, "Loud words")
    old = NamedAnswer.objects.of(world.program).get().rater
    erase(world.people["Ana Keller"], by="user:1", at=MONDAY + DAY)
    kept = NamedAnswer.objects.of(world.program).get()
    assert (kept.contact, kept.value, kept.at.hour) == (None, 9, 0)
    assert kept.rater != old
    assert "Loud" not in ReleasedComment.objects.of(world.program).get().text


def test_erasing_writes_field_names_and_ids_only(world):
    erase(world.people["Ana Keller"], by="user:1", at=MONDAY)
    entry = AuditEntry.objects.get(action="contact.erased")
    assert (entry.fields, entry.target.partition(":")[0]) == (["name", "email"], "contact")


def test_released_unnamed_words_stay_so_that_nobody_learns_whose_they_were(world):
    say(world, "Ana Keller", Mode.CONFIDENTIAL, 3, "Quiet words")
    let_go(world.program, at=MONDAY + 7 * DAY, rng=random.Random(1))
    erase(world.people["Ana Keller"], by="user:1", at=MONDAY + 8 * DAY)
    assert ReleasedComment.objects.of(world.program).get().text == "Quiet words"


def test_an_erased_person_whom_a_restore_brings_back_is_erased_again(world):
    ana = world.people["Ana Keller"]
    erase(ana, by="user:1", at=MONDAY)
    back = Contact.objects.create(
        program=world.program, name="Ana Keller", email="ana@alder.example",
        entered_at=MONDAY, addressed_at=MONDAY,
    )  # fmt: skip
    assert erase_again(at=MONDAY + DAY) == 1
    assert not Contact.objects.of(world.program).filter(pk=back.pk).exists()
    assert erase_again(at=MONDAY + DAY) == 0


def test_new_pseudonyms_keep_what_waits_and_what_was_named(world):
    say(world, "Ana Keller", Mode.NAMED, 9)
    say(world, "Ana Keller", Mode.CONFIDENTIAL, 3)
    old = set(Pseudonym.objects.of(world.program).values_list("value", flat=True))
    assert len(old) == 2
    assert rekey(world.program, at=MONDAY + DAY) == 2
    new = set(Pseudonym.objects.of(world.program).values_list("value", flat=True))
    assert not old & new
    assert NamedAnswer.objects.of(world.program).get().rater in new
    assert PendingAnswer.objects.of(world.program).get().pseudonym in new


def test_who_gave_a_counted_value_is_forgotten_with_it(world):
    for name in ("Ana Keller", "Ben Okafor", "Claire Dubois"):
        say(world, name, Mode.CONFIDENTIAL, 4)
    tick(world.program, week=WEEK, key=b"k")
    soon, late = MONDAY + 34 * DAY, MONDAY + 43 * DAY
    for at in (soon, late):
        forget_values(world.program, purge(world.program, on=at.date()))
        forget(world.program, at=at)
        known = Identity.objects.of(world.program).count()
        assert known == (3 if at == soon else 0)
    assert not Answer.objects.of(world.program).exists(), "also those without a value"


def test_who_wrote_a_comment_is_forgotten_35_days_after_its_answer(world):
    counted(world)
    let_go(world.program, at=MONDAY + 7 * DAY, rng=random.Random(1))
    open_items(world.program, ReleasedComment.objects.of(world.program), at=MONDAY + 7 * DAY)
    late = MONDAY + 60 * DAY
    forget_values(world.program, purge(world.program, on=late.date()))
    forget(world.program, at=late)
    assert Identity.objects.of(world.program).count() == 3, "nothing was answered"
    for item in FeedbackItem.objects.of(world.program):
        answer(item, "Thank you.", by=world.priya, at=late)
    forget(world.program, at=late + 34 * DAY)
    assert Identity.objects.of(world.program).count() == 3
    forget(world.program, at=late + 36 * DAY)
    assert Identity.objects.of(world.program).count() == 0
    assert Comment.objects.of(world.program).count() == 3, "the receipt still shows the words"


def test_after_a_year_a_writer_is_forgotten_whatever_became_of_the_words(world):
    say(world, "Ana Keller", Mode.CONFIDENTIAL, 3, "Quiet words")
    forget(world.program, at=MONDAY + 366 * DAY)
    assert not Identity.objects.of(world.program).exists()


def test_grounds_are_kept_per_purpose_and_nothing_unknown_is_taken(world):
    ana = world.people["Ana Keller"]
    set_basis(ana, {"feedback": "interest", "campaigns": "magic"}, by="user:1", at=MONDAY)
    set_basis(ana, {"feedback": "consent"}, by="user:1", at=MONDAY + DAY)
    (kept,) = LawfulBasis.objects.of(world.program)
    assert (kept.purpose, kept.basis) == ("feedback", "consent")
    assert AuditEntry.objects.filter(action="contact.basis_set").count() == 2


def test_the_command_exports_and_erases(world):
    call = CliRunner().invoke
    told = call(main, ["person", "export", "ana@alder.example", "--program", "northwind"])
    assert json.loads(told.output)["contact"][0]["name"] == "Ana Keller"
    gone = ["person", "erase", "ana@alder.example", "--program", "northwind", "--yes"]
    assert "Erased." in call(main, gone).output
    again = call(main, gone)
    assert again.exit_code == 1
    assert "Nobody in northwind" in again.output


def test_who_objected_is_asked_no_more_and_waiting_questions_are_recalled(world):
    ana = world.people["Ana Keller"]
    pulse = world.pulse("For all")
    assert ana.pk in {person.contact_id for person in reach(pulse, at=MONDAY).askable}
    Message.objects.create(
        key="ask", program_id=world.program.pk, purpose=Message.Purpose.INVITATION, to=ana.email,
        subject="Hi", text="Hi", created_at=MONDAY, available_at=MONDAY,
    )  # fmt: skip
    set_basis(ana, {"feedback": "objected"}, by="user:1", at=MONDAY)
    found = reach(pulse, at=MONDAY)
    assert ana.pk not in {person.contact_id for person in found.askable}
    (left,) = [one for one in found.left if one.contact_id == ana.pk]
    assert left.reason.key == NotAsked.STOPPED
    assert not Message.objects.filter(key="ask").exists()
    set_basis(ana, {"feedback": "consent"}, by="user:1", at=MONDAY)
    assert ana.pk in {person.contact_id for person in reach(pulse, at=MONDAY).askable}


def test_an_objection_to_campaigns_stops_no_questions(world):
    ana = world.people["Ana Keller"]
    set_basis(ana, {"campaigns": "objected"}, by="user:1", at=MONDAY)
    found = reach(world.pulse("For all"), at=MONDAY)
    assert ana.pk in {person.contact_id for person in found.askable}


def test_erasing_empties_kept_replies_of_the_api_that_name_the_person(world):
    key = issue("Warehouse", scopes=["program:read"], days=9, by=world.priya, at=MONDAY).key
    told = {"mine": {"text": "Thank you, Ana Keller"}, "other": {"text": "Thank you, Eva Lind"}}
    for name, body in told.items():
        IdempotencyRecord.objects.create(
            program=world.program, api_key=key, key=name, route="answer", request_hash="0",
            status=201, body=body, created_at=MONDAY,
        )  # fmt: skip
    erase(world.people["Ana Keller"], by="user:1", at=MONDAY + DAY)
    kept = dict(IdempotencyRecord.objects.of(world.program).values_list("key", "body"))
    assert kept == {"mine": {}, "other": told["other"]}
