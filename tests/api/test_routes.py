"""What the routes return, in parts, once, and never more than the gate lets out."""

from datetime import timedelta

import pytest

from partnerloop.accounts.models import Role
from partnerloop.actions.models import FollowUp
from partnerloop.core.clock import week_of
from partnerloop.core.models import Event
from partnerloop.integrations.keys.repeating import forget_requests
from partnerloop.integrations.models import IdempotencyRecord
from partnerloop.partners.models import ExternalId
from partnerloop.responses.participation import Participation
from tests.api.conftest import calling, feedback, member
from tests.world import MONDAY, make_world

LATER = MONDAY + timedelta(days=4000)
PROBLEM = "application/problem+json"


def everything(caller, path: str, name: str, **query) -> list:
    """Walk a list from cursor to cursor, two at a time."""
    found, cursor = [], ""
    while True:
        part = caller.get(path, limit=2, cursor=cursor, **query).json()
        found += part[name]
        cursor = part["next_cursor"]
        if not cursor:
            return found
        assert len(part[name]) == 2


def test_the_program_is_that_of_the_key(caller) -> None:
    told = caller.get("/program").json()
    assert told["slug"] == "northwind"
    assert told["scores"]["partnerscore"]["hidden"] == "too_few"
    assert "value" not in told["scores"]["partnerscore"]


def test_partners_come_in_parts_each_once(world, caller) -> None:
    found = everything(caller, "/partners", "partners")
    assert sorted(one["name"] for one in found) == ["Alder & Finch", "Birk", "Cedar"]


def test_a_row_added_between_two_parts_moves_nothing(world, caller) -> None:
    first = caller.get("/contacts", limit=3).json()
    world.people["Ana Keller"].affiliations.all().delete()
    rest = caller.get("/contacts", limit=100, cursor=first["next_cursor"]).json()
    names = [one["name"] for one in first["contacts"] + rest["contacts"]]
    assert len(names) == len(set(names)) == 7


def test_a_partner_has_its_segments_ids_and_hidden_figures(world, caller) -> None:
    birk = world.partners["Birk"]
    ExternalId.objects.create(
        program=world.program, source="salesforce", value="001X", kind="partner", partner=birk
    )
    told = caller.get(f"/partners/{birk.pk}").json()
    assert told["segments"] == {"region": ["EMEA"], "tier": ["silver"], "type": ["reseller"]}
    assert told["external_ids"] == [{"source": "salesforce", "id": "001X"}]
    assert len(told["scores"]) == 8
    for cell in told["scores"].values():
        assert cell == {"hidden": "too_few", "because": cell["because"]}


def test_a_contact_has_exactly_these_fields(world, caller) -> None:
    """Whoever adds one asks first whether it tells that somebody answered."""
    told = everything(caller, "/contacts", "contacts")
    assert {frozenset(one) for one in told} == {
        frozenset({"id", "name", "email", "language", "works_at"})
    }
    ana = next(one for one in told if one["name"] == "Ana Keller")
    assert ana["works_at"] == [
        {"partner_id": world.partners["Alder & Finch"].pk, "role": "technical"}
    ]


def test_contacts_of_partners_that_the_member_does_not_see_are_not_there(world) -> None:
    eyes = member(world, "Mara", Role.MANAGER, of="Birk")
    names = {one["name"] for one in calling(eyes).get("/contacts").json()["contacts"]}
    assert names == {"Eva Lind", "Finn Berg"}


def test_unnamed_feedback_names_nobody_and_no_company(world, caller) -> None:
    feedback(world, "Deal desk is slow.")
    [told] = caller.get("/feedback").json()["feedback"]
    assert told["source"] == "one of your partners"
    assert (told["named"], told["partner_id"]) == (False, None)
    assert "contact" not in str(sorted(told))


def test_feedback_is_filtered_by_state(world, caller) -> None:
    feedback(world, "Named words.", by="Ana Keller")
    assert len(caller.get("/feedback", state="received").json()["feedback"]) == 1
    assert caller.get("/feedback", state="done").json()["feedback"] == []
    assert caller.get("/feedback", state="lost").status_code == 422


def test_an_answer_is_given_in_the_name_of_the_key_s_member(world, caller) -> None:
    item = feedback(world, "Deal desk is slow.", by="Ana Keller")
    told = caller.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
    assert told.status_code == 201
    assert told.json()["state"] == "answered"
    written = FollowUp.objects.of(world.program).get()
    assert (written.text, written.by) == ("Fixed.", world.priya)


def test_a_repeat_answers_once_and_hears_the_same(world, caller) -> None:
    item = feedback(world, "Deal desk is slow.")
    first = caller.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
    again = caller.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert FollowUp.objects.of(world.program).count() == 1
    assert Event.objects.filter(kind="feedback.answered").count() == 1


def test_the_same_idempotency_key_with_other_words_is_refused(world, caller) -> None:
    item = feedback(world, "Deal desk is slow.")
    caller.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
    other = caller.post(f"/feedback/{item.pk}/answer", {"text": "Not yet."}, key="a1")
    assert other.status_code == 422
    assert FollowUp.objects.of(world.program).count() == 1


def test_a_post_that_failed_is_not_remembered(world, caller) -> None:
    item = feedback(world, "Deal desk is slow.")
    blank = caller.post(f"/feedback/{item.pk}/answer", {"text": "  "}, key="a1")
    assert blank.status_code == 422
    assert IdempotencyRecord.objects.of(world.program).count() == 0
    good = caller.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
    assert good.status_code == 201


def test_two_keys_may_use_the_same_idempotency_key(world, caller) -> None:
    item = feedback(world, "Deal desk is slow.")
    other = calling(world.priya)
    for one in (caller, other):
        told = one.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
        assert told.status_code == 201
    assert FollowUp.objects.of(world.program).count() == 2


def test_what_was_answered_is_forgotten_after_a_day(world, caller, watch) -> None:
    item = feedback(world, "Deal desk is slow.")
    caller.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
    forget_requests(world.program, at=watch.now + timedelta(hours=23))
    assert IdempotencyRecord.objects.of(world.program).count() == 1
    forget_requests(world.program, at=watch.now + timedelta(hours=25))
    assert IdempotencyRecord.objects.of(world.program).count() == 0


def test_an_old_record_is_not_replayed_even_before_the_purge(world, caller, watch) -> None:
    item = feedback(world, "Deal desk is slow.")
    caller.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
    watch.now += timedelta(hours=25)
    again = caller.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
    assert "Idempotent-Replayed" not in again
    assert FollowUp.objects.of(world.program).count() == 2


def test_a_post_without_an_idempotency_key_does_nothing(world, caller) -> None:
    item = feedback(world, "Deal desk is slow.")
    told = caller.post(f"/feedback/{item.pk}/answer", {"text": "Fixed."})
    assert told.status_code == 400
    assert FollowUp.objects.of(world.program).count() == 0


def test_the_key_of_an_executive_does_not_answer(world) -> None:
    item = feedback(world, "Deal desk is slow.")
    eyes = member(world, "Elif", Role.EXECUTIVE)
    told = calling(eyes).post(f"/feedback/{item.pk}/answer", {"text": "Fixed."}, key="a1")
    assert told.status_code == 403


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/partners", {"cursor": "made-up"}, 400),
        ("/partners", {"limit": "1000"}, 422),
        ("/partners", {"limit": "many"}, 422),
        ("/partners/999999", {}, 404),
        ("/partners/99999999999999999999999", {}, 404),
        ("/nothing", {}, 404),
        ("/partners/", {}, 404),
    ],
)
def test_what_does_not_fit_is_a_problem_with_a_sentence(caller, path, query, status) -> None:
    told = caller.get(path, **query)
    assert told.status_code == status
    assert told["Content-Type"] == PROBLEM
    assert told.json()["detail"]


def test_a_cursor_of_one_list_opens_no_other(world, caller) -> None:
    cursor = caller.get("/partners", limit=1).json()["next_cursor"]
    assert caller.get("/contacts", cursor=cursor).status_code == 400


@pytest.mark.parametrize(
    "body", ["{", "", "[]", '{"text": 7}', '{"text": ""}', '{"text": "\\u0000"}']
)
def test_a_body_that_can_t_be_read_is_a_problem(world, caller, body) -> None:
    item = feedback(world, "Deal desk is slow.")
    told = caller.post(f"/feedback/{item.pk}/answer", body, key="a1")
    assert told.status_code in (400, 422)
    assert told["Content-Type"] == PROBLEM


def test_a_wrong_method_is_a_problem_that_says_which_are_right(caller) -> None:
    told = caller.post("/partners", {})
    assert (told.status_code, told["Content-Type"]) == (405, PROBLEM)
    assert told["Allow"] == "GET"


def test_a_failure_shows_nothing_of_the_inside(world, caller, monkeypatch, caplog) -> None:
    def fails(*_given: object, **_named: object) -> None:
        raise RuntimeError("a password in a message")

    monkeypatch.setattr("partnerloop.api.v1.program.figures", fails)
    told = caller.get("/program")
    assert (told.status_code, told["Content-Type"]) == (500, PROBLEM)
    assert "password" not in told.content.decode()
    assert "a password in a message" in caplog.text


def test_rows_of_another_program_are_not_there(world, caller) -> None:
    theirs = make_world("contoso")
    item = feedback(theirs, "Theirs alone.")
    partner = theirs.partners["Birk"]
    assert caller.get(f"/partners/{partner.pk}").status_code == 404
    told = caller.post(f"/feedback/{item.pk}/answer", {"text": "Ours."}, key="a1")
    assert told.status_code == 404
    assert FollowUp.objects.of(theirs.program).count() == 0
    assert caller.get("/feedback").json()["feedback"] == []
    ours = {one.pk for one in world.partners.values()}
    assert {one["id"] for one in caller.get("/partners").json()["partners"]} == ours
    own = {one["id"] for one in caller.get("/contacts").json()["contacts"]}
    assert own == {one.pk for one in world.people.values()}


def test_answers_are_kept_out_of_caches(caller) -> None:
    assert caller.get("/program")["Cache-Control"] == "private, no-store"


def test_the_description_is_openapi_3_1_and_open_to_everybody(client, db) -> None:
    told = client.get("/api/v1/openapi.json")
    assert told.status_code == 200
    assert told.json()["openapi"].startswith("3.1")
    assert "/api/v1/feedback/{feedback_id}/answer" in told.json()["paths"]


def test_why_somebody_was_not_asked_is_one_sentence(world, caller) -> None:
    world.pulse("Golden", audience={"tier": ["gold"]}, launched_at=MONDAY, closes_at=LATER)
    eva = world.people["Eva Lind"]
    told = caller.get(f"/contacts/{eva.pk}/asking").json()
    assert (told["last_pulse"], told["was_asked"]) == ("Golden", False)
    assert told["because"] == "Eva Lind works for a partner outside this pulse's audience."
    assert set(told) == {
        "contact_id",
        "last_pulse",
        "was_asked",
        "because",
        "now",
        "asked_in_a_year",
        "allowed_in_a_year",
        "last_asked_on",
    }


def test_why_somebody_was_asked_is_told_the_same_before_and_after_they_answered(
    world, caller
) -> None:
    pulse = world.pulse("Sent", launched_at=MONDAY, closes_at=LATER)
    ask = world.ask("Ana Keller", pulse=pulse, at=MONDAY, keys=("ease",))
    path = f"/contacts/{world.people['Ana Keller'].pk}/asking"
    before = caller.get(path).json()
    assert before["was_asked"]
    Participation.objects.create(program=world.program, invitation=ask, week=week_of(MONDAY.date()))
    assert caller.get(path).json() == before


def test_the_asking_of_a_contact_that_the_member_does_not_see_is_not_there(world) -> None:
    eyes = member(world, "Mara", Role.MANAGER, of="Birk")
    ana = world.people["Ana Keller"]
    assert calling(eyes).get(f"/contacts/{ana.pk}/asking").status_code == 404
