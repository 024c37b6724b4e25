"""Who was asked and why, for machines; never who answered."""

from datetime import timedelta

from partnerloop.accounts.models import Role
from partnerloop.core.models import Event, Message
from partnerloop.integrations.models import KeyScope
from partnerloop.loop.asking import write_invitations
from partnerloop.loop.occasions import Listening, happened, listen
from partnerloop.partners.reporting import Known, Occurred
from partnerloop.release.coverage import UNKNOWN
from tests.api.conftest import NOW, calling, member
from tests.api.test_routes import everything
from tests.world import MONDAY, make_world

FIELDS = {
    "ask_id", "pulse_id", "pulse", "contact_id", "partner_id", "role", "asked_at", "expires_at",
    "state", "questions", "reason", "because", "propensity",
}  # fmt: skip


def sent(world, name: str = "Ana Keller", **given):
    pulse = world.pulse(launched_at=MONDAY, closes_at=MONDAY + timedelta(days=28), **given)
    return world.ask(name, pulse=pulse, at=NOW - timedelta(hours=1), keys=("partnerscore",))


def test_an_ask_has_exactly_these_fields(world, caller) -> None:
    """Whoever adds one asks first whether it tells that somebody answered."""
    made = sent(world)
    [told] = caller.get("/asks").json()["asks"]
    assert set(told) == FIELDS
    assert told["ask_id"] == str(made.pk)
    assert told["questions"] == ["partnerscore"]
    assert told["because"].startswith("Ana Keller ")


def test_an_answer_changes_nothing_in_it(world, caller, heard) -> None:
    sent(world, "Ben Okafor")
    before = caller.get("/asks").json()["asks"]
    heard("Ana Keller", 3)
    after = caller.get("/asks").json()["asks"]
    [of_ana] = [one for one in after if one not in before]
    assert len(after) == len(before) + 1
    assert of_ana["state"] == "open"
    assert {key: of_ana[key] for key in ("role", "state")} == {"role": "technical", "state": "open"}
    assert set(of_ana) == FIELDS


def test_an_ask_whose_mail_waits_is_to_be_sent_and_ends_over(world, watch) -> None:
    caller = calling(world.priya, days=300)
    asked = {"person": {"email": "ana@alder.example"}, "way": "mail"}
    assert caller.post("/asks", asked, key="k1").json()["decision"] == "asked"
    write_invitations(Event.objects.get(kind="pulse.launched"), NOW)
    state = lambda: caller.get("/asks").json()["asks"][0]["state"]  # noqa: E731
    assert state() == "to_be_sent"
    Message.objects.update(sent_at=NOW, finished_at=NOW)
    assert state() == "open"
    watch.now = NOW + timedelta(days=29)
    assert state() == "over"


def test_what_somebody_began_themselves_is_left_out(world, caller) -> None:
    by_form = {"person": {"email": "ana@alder.example"},
               "answers": [{"question": "partnerscore", "value": 8}]}  # fmt: skip
    assert caller.post("/answers", by_form, key="s1").status_code == 201
    assert caller.get("/asks").json()["asks"] == []


def test_they_come_in_parts_and_by_person_partner_pulse_and_day(world, caller) -> None:
    made = [sent(world, name) for name in ("Ana Keller", "Ben Okafor", "Eva Lind")]
    assert len(everything(caller, "/asks", "asks")) == 3
    ana, birk = made[0], world.partners["Birk"]
    assert [
        one["ask_id"] for one in everything(caller, "/asks", "asks", pulse_id=ana.pulse_id)
    ] == [str(ana.pk)]
    assert len(everything(caller, "/asks", "asks", contact_id=ana.contact_id)) == 1
    assert {
        one["partner_id"] for one in everything(caller, "/asks", "asks", partner_id=birk.pk)
    } == {birk.pk}
    assert len(everything(caller, "/asks", "asks", since=MONDAY.date().isoformat())) == 3
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    assert caller.get("/asks", since=tomorrow).json()["asks"] == []
    assert caller.get("/asks", since="yesterday").status_code == 422


def test_a_manager_reads_asks_of_the_own_partners_and_a_lead_none(world) -> None:
    sent(world, "Ana Keller")
    sent(world, "Eva Lind")
    mara = member(world, "Mara", Role.MANAGER, of="Birk")
    [told] = calling(mara).get("/asks").json()["asks"]
    assert told["partner_id"] == world.partners["Birk"].pk
    assert calling(mara).get("/response").status_code == 403
    lead = calling(member(world, "Lea", Role.LEAD))
    assert lead.get("/asks").status_code == 403
    assert lead.get("/asks/waiting").status_code == 403


def test_another_program_s_asks_are_not_there(world, caller) -> None:
    other = make_world("southwind")
    theirs = sent(other)
    assert caller.get("/asks").json()["asks"] == []
    assert caller.get("/asks", contact_id=theirs.contact_id).json()["asks"] == []


def test_the_scope_is_needed(world) -> None:
    assert calling(world.priya, KeyScope.ASKS).get("/asks").status_code == 403


def test_an_ask_after_an_event_waits_with_its_day(world, caller) -> None:
    listen(Listening("After a deal", "deal_won", 5, ["event_sell"]), by=world.priya, at=MONDAY)
    won = Occurred("deal_won", Known(number=world.partners["Birk"].pk), NOW)
    assert happened(world.program, won, at=NOW).asks == 1
    [told] = caller.get("/asks/waiting").json()["waiting"]
    assert (told["pulse"], told["event"], told["state"]) == ("After a deal", "deal_won", "waiting")
    assert told["due_on"] == (NOW + timedelta(days=5)).date().isoformat()
    assert (told["ask_id"], told["because"]) == (None, "")


def test_response_is_told_in_words_and_not_of_few(world, watch) -> None:
    caller = calling(world.priya, days=300)
    sent(world)
    watch.now = NOW + timedelta(days=21)
    told = caller.get("/response").json()
    assert set(told["groups"]) == {"role", "region", "tier", "type", "language"}
    [group] = told["groups"]["role"]
    assert group == {
        "label": "technical", "people": 1, "mails_sent": 0, "unreachable": 0, "answering": UNKNOWN,
    }  # fmt: skip
