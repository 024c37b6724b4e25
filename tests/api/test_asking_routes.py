"""Asking and answering by API: the budget decides, and whatever comes in counts by name."""

from datetime import timedelta

import pytest

from partnerloop.accounts.models import Role
from partnerloop.core.models import AuditEntry, Event, Message
from partnerloop.evidence.models import NamedAnswer
from partnerloop.integrations.models import KeyScope
from partnerloop.loop.asking import write_invitations
from partnerloop.partners.models import Affiliation, ExternalId
from partnerloop.partners.stopping import stop_asking
from partnerloop.planning.answering import usual_share
from partnerloop.pulses.models import Invitation, Question
from partnerloop.release.comments import publishable_labels
from partnerloop.release.gate import REASONS, Reason, Scope
from partnerloop.release.rates import response_rate
from partnerloop.responses.participation import Participation
from tests.api.conftest import NOW, calling, member
from tests.world import LONG_AGO, MONDAY, make_world


def ask(caller, key: str = "k1", **wanted):
    given = {"person": {"email": "ana@alder.example"}, "way": "portal", **wanted}
    return caller.post("/asks", given, key=key)


def stored(caller, said, key: str = "s1"):
    return caller.post("/answers", said, key=key)


def rated(told) -> list[str]:
    return [one["key"] for one in told["ask"]["questions"] if one["kind"] == "rated"]


def test_a_person_who_may_be_asked_is_asked_three_ratings_with_the_reason(world, caller) -> None:
    told = ask(caller)
    assert told.status_code == 201
    said = told.json()
    assert (said["decision"], said["reason"]) == ("asked", "requested")
    assert said["because"].startswith("Ana Keller was asked because")
    assert len(rated(said)) == 3
    assert "pass through a portal" in said["ask"]["promise"]
    assert "Northwind Robotics" in said["ask"]["promise"]
    assert Message.objects.count() == 0
    assert Event.objects.count() == 0


def test_an_ask_by_mail_is_written_by_the_worker_and_offers_a_name_only(world, caller) -> None:
    assert ask(caller, way="mail").json()["decision"] == "asked"
    event = Event.objects.get(kind="pulse.launched")
    write_invitations(event, NOW)
    write_invitations(event, NOW)
    message = Message.objects.get()
    assert message.to == "ana@alder.example"
    assert Invitation.objects.of(world.program).get().pulse.modes == ["named"]


def test_the_second_ask_within_the_budget_is_refused_with_its_day(world, caller, watch) -> None:
    ask(caller)
    watch.now += timedelta(days=3)
    told = ask(caller, key="k2").json()
    assert (told["decision"], told["reason"], told["ask"]) == ("not_asked", "asked_recently", None)
    assert told["possible_from"] == (NOW + timedelta(days=14)).date().isoformat()
    watch.now = NOW + timedelta(days=14)
    assert ask(caller, key="k3").json()["decision"] == "asked"


def test_a_pulse_and_an_ask_by_api_share_one_budget(world, caller) -> None:
    pulse = world.pulse(launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28), modes=["named"])
    world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=("partnerscore",))
    assert ask(caller).json()["reason"] == "asked_recently"


def test_who_asked_us_to_stop_is_not_asked(world, caller) -> None:
    stop_asking(world.people["Ana Keller"], at=MONDAY)
    told = ask(caller).json()
    assert (told["decision"], told["reason"]) == ("not_asked", "stopped")
    assert Invitation.objects.of(world.program).count() == 0


def test_a_repeat_asks_once(world, caller) -> None:
    first, again = ask(caller), ask(caller)
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Invitation.objects.of(world.program).count() == 1


def test_named_questions_come_first_and_unknown_ones_are_told(world, caller) -> None:
    portal = Question.objects.of(world.program).filter(purpose="touchpoint", kind="rated").first()
    assert portal.key in rated(ask(caller, questions=[portal.key]).json())
    told = ask(caller, key="k2", questions=["no-such-question"])
    assert told.status_code == 422
    assert "no-such-question" in told.json()["detail"]


def test_managers_questions_are_no_questions_for_partners(world, caller) -> None:
    key = Question.objects.of(world.program).filter(purpose="prediction").first().key
    assert ask(caller, questions=[key]).status_code == 422


def test_a_person_is_found_by_the_id_of_another_system(world, caller) -> None:
    ExternalId.objects.create(
        program=world.program,
        source="crm",
        value="003A",
        kind="contact",
        contact=world.people["Ana Keller"],
    )
    person = {"source": "crm", "external_id": "003A"}
    assert ask(caller, person=person).json()["contact_id"] == world.people["Ana Keller"].pk


def test_a_person_of_two_partners_needs_the_partner_named(world, caller) -> None:
    birk = world.partners["Birk"]
    Affiliation.objects.create(
        program=world.program,
        contact=world.people["Ana Keller"],
        partner=birk,
        role="sales",
        since=LONG_AGO.date(),
    )
    assert ask(caller).status_code == 422
    person = {"email": "ana@alder.example", "partner_id": birk.pk}
    assert ask(caller, key="k2", person=person).json()["partner_id"] == birk.pk


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ({}, 422),
        ({"email": "a@b.example", "contact_id": 1}, 422),
        ({"email": "nobody@alder.example"}, 404),
        ({"contact_id": 2**70}, 422),
        ({"contact_id": "1"}, 422),
        ({"contact_id": 999_999}, 404),
    ],
)
def test_a_person_who_is_not_meant_clearly_is_a_problem(caller, person, status) -> None:
    told = ask(caller, person=person)
    assert told.status_code == status
    assert told["Content-Type"] == "application/problem+json"


def test_a_program_without_named_answers_takes_no_asks_on_request(world, caller) -> None:
    world.program.modes_offered = ["confidential"]
    world.program.save()
    assert ask(caller).status_code == 409
    said = {"person": {"email": "ana@alder.example"}, "answers": [RATING]}
    assert stored(caller, said).status_code == 409


def test_managers_do_not_pick_whom_to_ask_or_answer_for(world) -> None:
    eyes = member(world, "Mara", Role.MANAGER, of="Alder & Finch")
    assert ask(calling(eyes)).status_code == 403
    said = {"person": {"email": "ana@alder.example"}, "answers": [RATING]}
    assert stored(calling(eyes), said).status_code == 403


def test_each_route_needs_its_scope_and_an_idempotency_key(world, caller) -> None:
    reads = calling(world.priya, KeyScope.CONTACTS)
    assert ask(reads).status_code == 403
    assert stored(reads, {}).status_code == 403
    assert ask(caller, key="").status_code == 400
    assert stored(caller, {}, key="").status_code == 400


def test_people_and_asks_of_another_program_are_not_there(world, caller) -> None:
    theirs = make_world("contoso")
    other = calling(theirs.priya)
    asked = ask(other).json()["ask"]["ask_id"]
    person = {"contact_id": theirs.people["Ana Keller"].pk}
    assert ask(caller, person=person).status_code == 404
    assert stored(caller, {"ask_id": asked, "answers": [RATING]}).status_code == 404


RATING = {"question": "partnerscore", "value": 8}


def test_answers_to_an_ask_are_stored_raw_and_named(world, caller) -> None:
    told = ask(caller).json()
    keys = rated(told)
    values = [0, 10, "cannot_judge"]
    answers = [{"question": k, "value": v} for k, v in zip(keys, values, strict=True)]
    opened = [one["key"] for one in told["ask"]["questions"] if one["kind"] == "open"]
    comments = [{"question": opened[0], "text": "Deal desk is slow."}]
    said = {"ask_id": told["ask"]["ask_id"], "answers": answers, "comments": comments}
    kept = stored(caller, said)
    assert kept.status_code == 201
    assert (kept.json()["mode"], kept.json()["changed"]) == ("named", False)
    assert "/r/" in kept.json()["receipt_url"]
    rows = NamedAnswer.objects.of(world.program)
    assert rows.count() == 2
    assert {row.contact for row in rows} == {world.people["Ana Keller"]}
    assert Event.objects.get(kind="response.received").payload["comments"]


def test_a_second_answer_changes_the_first_and_adds_none(world, caller) -> None:
    asked = ask(caller).json()["ask"]["ask_id"]
    stored(caller, {"ask_id": asked, "answers": [RATING]})
    told = stored(caller, {"ask_id": asked, "answers": [{**RATING, "value": 3}]}, key="s2")
    assert told.json()["changed"] is True
    assert NamedAnswer.objects.of(world.program).get().value == 3


def test_a_repeat_is_stored_once(world, caller) -> None:
    asked = ask(caller).json()["ask"]["ask_id"]
    said = {"ask_id": asked, "answers": [RATING]}
    first, again = stored(caller, said), stored(caller, said)
    assert again.json() == first.json()
    assert Event.objects.filter(kind="response.received").count() == 1


def test_what_a_person_says_unasked_is_no_ask_but_puts_off_the_next(world, caller, watch) -> None:
    said = {"person": {"email": "ana@alder.example"}, "answers": [RATING]}
    assert stored(caller, said).status_code == 201
    contact = world.people["Ana Keller"]
    told = caller.get(f"/contacts/{contact.pk}/asking").json()
    assert told["asked_in_a_year"] == 0
    assert told["now"].startswith("Ana Keller is not due yet;")
    assert ask(caller).json()["reason"] == "asked_recently"


def test_an_ask_by_mail_is_not_answered_through_the_api(world, caller) -> None:
    asked = ask(caller, way="mail").json()["ask"]["ask_id"]
    assert stored(caller, {"ask_id": asked, "answers": [RATING]}).status_code == 404


def test_an_ask_that_is_over_takes_no_answer(world, caller, watch) -> None:
    asked = ask(caller).json()["ask"]["ask_id"]
    watch.now += timedelta(days=28)
    told = stored(calling(world.priya, days=90), {"ask_id": asked, "answers": [RATING]})
    assert told.status_code == 409


@pytest.mark.parametrize("value", [-1, 11, 7.5, "7", True, None, "none"])
def test_a_value_that_is_none_is_refused(world, caller, value) -> None:
    said = {"person": {"email": "ana@alder.example"}, "answers": [{**RATING, "value": value}]}
    assert stored(caller, said).status_code == 422
    assert Invitation.objects.of(world.program).count() == 0


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"person": {"email": "ana@alder.example"}},
        {"answers": [RATING]},
        {"person": {"email": "ana@alder.example"}, "answers": [RATING, RATING]},
        {"person": {"email": "ana@alder.example"}, "answers": [{"question": "no", "value": 1}]},
        {
            "person": {"email": "ana@alder.example"},
            "comments": [{"question": "partnerscore", "text": "x"}],
        },
        {"person": {"email": "ana@alder.example"}, "comments": [{"question": "a", "text": "\x00"}]},
    ],
)
def test_answers_that_do_not_fit_store_nothing(world, caller, said) -> None:
    assert stored(caller, said).status_code == 422
    assert Invitation.objects.of(world.program).count() == 0
    assert Participation.objects.of(world.program).count() == 0


def test_asks_on_request_widen_no_group_of_unnamed_words(world, caller) -> None:
    """Else five people asked by name would make a confidential comment point at its writer."""
    for number, name in enumerate(sorted(world.people)):
        ask(caller, key=f"k{number}", person={"contact_id": world.people[name].pk})
    assert Invitation.objects.of(world.program).count() == 7
    labels = publishable_labels(world.program, on=NOW.date())
    assert set(labels.values()) == {"one of your partners"}


def test_asks_on_request_do_not_count_in_response(world, caller, watch) -> None:
    """Else four answers that are known would tell whether the fifth person answered."""
    for number, name in enumerate(sorted(world.people)):
        told = ask(caller, key=f"k{number}", person={"contact_id": world.people[name].pk})
        said = {"ask_id": told.json()["ask"]["ask_id"], "answers": [RATING]}
        stored(caller, said, key=f"s{number}")
    later = NOW + timedelta(days=21)
    told = response_rate(world.program, by=world.priya, scope=Scope.program(), at=later)
    assert told == REASONS[Reason.TOO_FEW]
    assert usual_share(world.program, at=NOW + timedelta(days=60)).is_assumed


def test_who_asked_on_request_is_in_the_log(world, caller) -> None:
    ask(caller)
    entry = AuditEntry.objects.get(action="ask.requested")
    assert entry.actor == f"user:{world.priya.user_id}"
    assert entry.target == f"contact:{world.people['Ana Keller'].pk}"
