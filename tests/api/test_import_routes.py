"""A machine brings a file in: checked first, saved on a second call, undone on a third."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partnerloop.accounts.models import Role
from partnerloop.integrations.models import KeyScope
from partnerloop.partners.models import ImportRun, Partner
from tests.api.conftest import calling, member
from tests.world import make_world

FILE = "Partner,Region\nDelta Ltd,NA\nEcho Ltd,EMEA\n,EMEA\n"


@pytest.fixture(autouse=True)
def _home(settings, tmp_path) -> None:
    settings.PARTNERLOOP_HOME = tmp_path


def send(caller, text: str | bytes = FILE, *, key: str = "k1", name: str = "p.csv", **fields):
    raw = text.encode() if isinstance(text, str) else text
    headers = {"Authorization": f"Bearer {caller.secret}"}
    if key:
        headers["Idempotency-Key"] = key
    given = {"file": SimpleUploadedFile(name, raw), **fields}
    return caller.client.post("/api/v1/imports", given, headers=headers)


def names(world) -> set[str]:
    return set(Partner.objects.of(world.program).values_list("name", flat=True))


def test_a_file_is_checked_confirmed_and_undone(world, caller) -> None:
    before = names(world)
    told = send(caller, kind="partners")
    assert told.status_code == 201, told.text
    found = told.json()
    assert (found["state"], found["ready"], found["rows"]) == ("checked", 2, 3)
    assert found["rows_with_problems"] == 1
    assert found["problems"][0]["row"] == 4
    assert names(world) == before
    saved = caller.post(f"/imports/{found['id']}/confirm", {}, key="k2").json()
    assert saved["state"] == "saved"
    assert names(world) == before | {"Delta Ltd", "Echo Ltd"}
    undone = caller.post(f"/imports/{found['id']}/undo", {}, key="k3").json()
    assert undone["state"] == "undone"
    assert names(world) == before
    assert caller.get(f"/imports/{found['id']}").json()["state"] == "undone"


def test_a_repeat_makes_no_second_import(world, caller) -> None:
    first, second = send(caller, kind="partners"), send(caller, kind="partners")
    assert first.json()["id"] == second.json()["id"]
    assert second["Idempotent-Replayed"] == "true"
    assert ImportRun.objects.of(world.program).count() == 1
    assert send(caller, FILE + "More,EMEA\n", kind="partners").status_code == 422
    assert send(caller, kind="partners", key="").status_code == 400


def test_a_mapping_names_columns_that_are_not_recognised(caller) -> None:
    odd = "Firma;Wo\nDelta;NA\n"
    mapping = '{"Firma": "name", "Wo": "region"}'
    told = send(caller, odd, kind="partners", mapping=mapping)
    assert told.status_code == 201, told.text
    assert {one["name"]: one["means"] for one in told.json()["columns"]}["Wo"] == "region"


@pytest.mark.parametrize(
    "fields",
    [
        {"mapping": "{"},
        {"mapping": "[]"},
        {"mapping": '{"Partner": 1}'},
        {"mapping": '{"Nowhere": "name"}'},
        {"template": "Unknown"},
        {"kind": "planets"},
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence_and_leaves_nothing(
    world, caller, fields
) -> None:
    told = send(caller, **fields)
    assert told.status_code == 422
    assert told.json()["detail"]
    assert not ImportRun.objects.of(world.program).exists()


def test_a_file_that_can_t_be_read_says_why(world, caller) -> None:
    told = send(caller, b"PK\x03\x04 no workbook", name="p.xlsx")
    assert told.status_code == 422
    assert told["Content-Type"] == "application/problem+json"
    assert send(caller, "", key="k9").status_code == 422


def test_what_can_t_be_done_now_is_a_conflict(caller) -> None:
    run = send(caller, kind="partners").json()["id"]
    assert caller.post(f"/imports/{run}/undo", {}, key="u").status_code == 409
    assert caller.post(f"/imports/{run}/confirm", {}, key="c").status_code == 201
    assert caller.post(f"/imports/{run}/confirm", {}, key="d").status_code == 409


def test_an_import_of_another_program_is_not_there(caller) -> None:
    theirs = calling(make_world("contoso").priya)
    run = send(theirs, kind="partners").json()["id"]
    assert caller.get(f"/imports/{run}").status_code == 404
    assert caller.post(f"/imports/{run}/confirm", {}, key="c").status_code == 404
    assert caller.get("/imports").json()["imports"] == []


def test_only_who_runs_the_program_imports(world) -> None:
    manager = calling(member(world, "Mara", Role.MANAGER, of="Birk"))
    assert send(manager, kind="partners").status_code == 403
    assert manager.get("/imports").status_code == 403
    reader = calling(world.priya, KeyScope.PARTNERS)
    assert send(reader, kind="partners").status_code == 403
