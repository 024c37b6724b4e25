"""Events and signals that machines report: once, for partners of the program."""

import pytest

from partnerloop.accounts.models import Role
from partnerloop.integrations.models import KeyScope
from partnerloop.loop.occasions import Listening, listen
from partnerloop.partners.models import ExternalId, LifecycleEvent, Signal
from partnerloop.planning.models import WaitingAsk
from tests.api.conftest import calling, member
from tests.world import MONDAY, make_world

WHEN = "2026-11-20T10:30:00+01:00"


@pytest.fixture
def birk(world) -> int:
    listen(Listening("Deals", "deal_won", 5, questions=["event_sell"]), by=world.priya, at=MONDAY)
    return world.partners["Birk"].pk


def test_an_event_is_kept_once_and_its_ask_waits(world, caller, birk) -> None:
    body = {"kind": "deal_won", "partner_id": birk, "contact_email": "EVA@birk.example", "at": WHEN}
    first = caller.post("/events", body, key="one")
    assert first.status_code == 201
    assert first.json()["asks"] == 1
    again = caller.post("/events", body, key="one")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert caller.post("/events", body, key="two").json() == first.json()
    event = LifecycleEvent.objects.of(world.program).get()
    assert event.contact == world.people["Eva Lind"]
    assert str(WaitingAsk.objects.of(world.program).get().due_on) == "2026-11-25"


def test_a_partner_may_be_named_by_the_id_of_another_system(world, caller, birk) -> None:
    ExternalId.objects.create(
        program=world.program, source="crm", value="A1", kind="partner", partner_id=birk
    )
    named = {"kind": "demo_given", "partner": {"source": "crm", "id": "A1"}}
    told = caller.post("/events", named, key="one").json()
    assert (told["partner_id"], told["asks"]) == (birk, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "Deal won"},
        {"kind": "deal_won", "at": "2026-11-20T10:30:00"},
        {"kind": "deal_won", "at": "0001-01-01T00:00:00Z"},
        {"kind": "deal_won", "partner": {"source": "crm", "id": "A1"}},
        {"kind": "deal_won", "partner_id": None},
        {"kind": "deal_won", "partner_id": 10**30},
        {"kind": "deal_won", "partner_id": 10**9},
        {"kind": "deal_won", "contact_email": "ana@alder.example"},
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(world, caller, birk, wrong) -> None:
    answer = caller.post("/events", {"partner_id": birk, **wrong}, key="one")
    assert answer.status_code == 422
    assert not LifecycleEvent.objects.of(world.program).exists()


def test_another_program_is_out_of_reach(world, caller, birk) -> None:
    theirs = make_world("contoso").partners["Birk"].pk
    for path, body in (
        ("/events", {"kind": "deal_won", "partner_id": theirs}),
        ("/signals", {"signals": [{"kind": "login", "partner_id": theirs, "at": WHEN}]}),
    ):
        assert caller.post(path, body, key=path).status_code == 422


def test_only_those_who_run_the_program_report(world, birk) -> None:
    manager = calling(member(world, "Mara", Role.MANAGER, of="Birk"))
    body = {"kind": "deal_won", "partner_id": birk}
    assert manager.post("/events", body, key="one").status_code == 403
    reader = calling(world.priya, KeyScope.SIGNALS)
    assert reader.post("/events", body, key="one").status_code == 403
    assert calling(world.priya).post("/events", body).status_code == 400


def test_signals_are_kept_together_and_a_second_figure_corrects_the_first(
    world, caller, birk
) -> None:
    login = {"kind": "portal_login", "partner_id": birk, "at": WHEN}
    hours = {"kind": "registration_hours", "partner_id": birk, "at": WHEN, "value": 31.4567}
    told = caller.post("/signals", {"signals": [login, hours]}, key="one")
    assert (told.status_code, told.json()) == (201, {"kept": 2})
    caller.post("/signals", {"signals": [{**hours, "value": 2}]}, key="two")
    kept = Signal.objects.of(world.program).order_by("kind").values_list("kind", "value")
    assert [(kind, float(value)) for kind, value in kept] == [
        ("portal_login", 1.0),
        ("registration_hours", 2.0),
    ]


def test_one_unknown_partner_keeps_all_signals_out(world, caller, birk) -> None:
    good = {"kind": "portal_login", "partner_id": birk, "at": WHEN}
    answer = caller.post("/signals", {"signals": [good, {**good, "partner_id": 999_999}]}, key="1")
    assert answer.status_code == 422
    assert "999999" in answer.json()["detail"]
    assert not Signal.objects.of(world.program).exists()
