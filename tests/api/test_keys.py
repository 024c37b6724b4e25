"""A key opens what it was made for, until it ends, and no more often than it may."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from partnerloop.accounts.models import Role
from partnerloop.core.models import AuditEntry
from partnerloop.integrations.keys.counting import CALLS_A_MINUTE
from partnerloop.integrations.keys.issuing import NoScope, issue, revoke
from partnerloop.integrations.models import ApiKey, KeyScope
from tests.api.conftest import NOW, Caller, calling, member
from tests.world import MONDAY

PROBLEM = "application/problem+json"


def the_key(world) -> ApiKey:
    return ApiKey.objects.of(world.program).get()


def test_the_secret_is_stored_nowhere(world, caller) -> None:
    row = ApiKey.objects.of(world.program).values().get()
    _, prefix, secret = caller.secret.split("_")
    assert row["prefix"] == prefix
    assert secret not in str(row)


def test_a_call_with_a_key_is_answered_and_its_day_noted(world, caller) -> None:
    assert caller.get("/program").status_code == 200
    assert the_key(world).last_used_on == NOW.date()


@pytest.mark.parametrize(
    "secret", ["", "nonsense", "pl_", "pl__", "pl_abcdefghijkl_wrong", "pl_\u00e9_x"]
)
def test_no_key_and_a_wrong_key_are_refused_as_a_problem(caller, secret) -> None:
    answer = Caller(secret, caller.client).get("/program")
    assert answer.status_code == 401
    assert answer["Content-Type"] == PROBLEM
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["status"] == 401


def test_the_right_prefix_with_a_wrong_secret_is_refused_like_an_unknown_one(caller) -> None:
    wrong = Caller(caller.secret[:-1] + "#", caller.client).get("/program").json()
    unknown = Caller("pl_nobodyknows_this", caller.client).get("/program").json()
    assert wrong == unknown


def test_a_key_without_its_mark_is_refused(caller) -> None:
    bare = Caller(caller.secret.removeprefix("pl_"), caller.client)
    assert bare.get("/program").status_code == 401


def test_a_key_ends_on_its_day(world, watch) -> None:
    caller = calling(world.priya, days=11)
    assert caller.get("/program").status_code == 200
    watch.now = the_key(world).expires_at
    assert caller.get("/program").json()["detail"] == "This key has expired."


def test_a_revoked_key_opens_nothing(world, caller) -> None:
    revoke(the_key(world), by=world.priya, at=MONDAY)
    assert caller.get("/program").status_code == 401


def test_a_key_ends_with_the_membership_of_its_maker(world, caller) -> None:
    world.priya.ended_on = MONDAY.date()
    world.priya.save()
    answer = caller.get("/program")
    assert answer.status_code == 401
    assert "has left" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        (KeyScope.PROGRAM, "/program"),
        (KeyScope.PARTNERS, "/partners"),
        (KeyScope.CONTACTS, "/contacts"),
        (KeyScope.FEEDBACK, "/feedback"),
    ],
)
def test_a_scope_opens_its_route_and_no_other(world, scope, path) -> None:
    others = [other for other in KeyScope if other is not scope]
    assert calling(world.priya, scope).get(path).status_code == 200
    refused = calling(world.priya, *others).get(path)
    assert refused.status_code == 403
    assert scope.value in refused.json()["detail"]


def test_reading_feedback_is_not_answering_it(world) -> None:
    reader = calling(world.priya, KeyScope.FEEDBACK)
    path = "/feedback/00000000-0000-0000-0000-000000000001/answer"
    assert reader.post(path, {"text": "Yes."}, key="one").status_code == 403


def test_a_key_for_nothing_or_for_what_does_not_exist_is_not_made(world) -> None:
    for scopes in ([], ["everything"]):
        with pytest.raises(NoScope):
            issue("x", scopes=scopes, days=1, by=world.priya, at=MONDAY)


def test_the_database_refuses_a_key_that_ends_before_it_begins(world) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        issue("x", scopes=["program:read"], days=0, by=world.priya, at=MONDAY)


def test_a_key_may_call_so_often_a_minute_and_is_told_when_again(world, caller, watch) -> None:
    first = caller.get("/program")
    assert first["RateLimit-Policy"] == f'"key";q={CALLS_A_MINUTE};w=60'
    assert first["RateLimit"].startswith(f'"key";r={CALLS_A_MINUTE - 1};t=')
    ApiKey.objects.of(world.program).update(calls=CALLS_A_MINUTE)
    refused = caller.get("/program")
    assert refused.status_code == 429
    assert refused["Content-Type"] == PROBLEM
    watch.now += timedelta(seconds=int(refused["Retry-After"]))
    assert caller.get("/program").status_code == 200


def test_one_key_does_not_spend_the_calls_of_another(world, caller) -> None:
    other = calling(world.priya)
    caller.get("/program")
    prefix = caller.secret.split("_")[1]
    ApiKey.objects.of(world.program).filter(prefix=prefix).update(calls=CALLS_A_MINUTE)
    assert caller.get("/program").status_code == 429
    assert other.get("/program").status_code == 200


def test_issuing_and_revoking_are_audited_without_the_secret(world, caller) -> None:
    key = the_key(world)
    revoke(key, by=world.priya, at=MONDAY)
    revoke(key, by=world.priya, at=MONDAY)
    rows = AuditEntry.objects.filter(program_id=world.program.pk, action__startswith="api_key")
    assert sorted(rows.values_list("action", flat=True)) == ["api_key.issued", "api_key.revoked"]
    assert caller.secret.split("_")[2] not in str(list(rows.values()))


def test_a_manager_s_key_sees_the_manager_s_partners(world) -> None:
    eyes = member(world, "Mara", Role.MANAGER, of="Birk")
    names = [one["name"] for one in calling(eyes).get("/partners").json()["partners"]]
    assert names == ["Birk"]
