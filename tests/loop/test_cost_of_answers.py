"""What it costs to take a confidential answer: one insert more, and no figure is computed."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerloop.evidence.models import PendingAnswer
from partnerloop.loop.receiving import receive
from partnerloop.programs.models import Mode
from partnerloop.responses.accepted import Submission
from tests.world import MONDAY, World, make_world

pytestmark = pytest.mark.django_db
KEYS = ("partnerscore", "communication_accuracy", "conflict_fairness", "credibility_carried_out")
HOUR = timedelta(hours=1)
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def world() -> World:
    return make_world()


def statements(world: World, name: str, mode: Mode, *, values: int | None) -> list[str]:
    """Return what a person's answer asks of the database; without values it is words alone."""
    pulse = world.pulse(
        f"{name} {mode} {values}",
        launched_at=MONDAY,
        closes_at=MONDAY + timedelta(days=28),
        modes=["named", "confidential"],
    )
    keys = (*KEYS, "communication_open_low")
    invitation = world.ask(name, pulse=pulse, at=MONDAY, keys=keys)
    given = dict.fromkeys(invitation.asked[: values or 0], 6)
    submission = Submission(mode, given, {invitation.asked[-1]: "Words."})
    with CaptureQueriesContext(connection) as seen:
        receive(invitation, submission, at=MONDAY + HOUR)
    return [sql for query in seen if not (sql := query["sql"]).startswith(("SAVEPOINT", "RELEASE"))]


def written(found: list[str]) -> Counter[str]:
    """Count what is written, by statement and table."""
    words = [sql.replace("OR IGNORE ", "").split('"') for sql in found]
    return Counter(
        f"{part[0].strip()} {part[1]}" for part in words if part[0].startswith(WRITES) and part[1:]
    )


def test_the_gate_costs_one_insert_more(world) -> None:
    statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=4)  # what is known once is not asked
    alone = written(statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=0))
    valued = written(statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=4))
    assert valued - alone == Counter(
        {"INSERT INTO responses_answer": 1, "INSERT INTO evidence_pendinganswer": 1}
    )


def test_that_insert_replaces_what_waits_and_leaves_what_was_counted(world) -> None:
    rows = PendingAnswer.objects.of(world.program).filter(measure="partnerscore")
    statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=4)
    first = rows.get()
    rows.update(pool="pool|x", pool_level=2, waits_since=MONDAY.date() - timedelta(days=40))
    statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=3)
    second = rows.get()
    assert second.pk != first.pk
    assert second.answer_id != first.answer_id
    assert second.pseudonym == first.pseudonym
    assert (second.pool, second.pool_level, second.waits_since) == ("", 0, second.day)
    rows.update(consumed_in=MONDAY.date())
    statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=2)
    assert rows.count() == 2
    assert rows.get(consumed_in=None).answer_id not in (first.answer_id, second.answer_id)


def test_taking_a_confidential_answer_reads_no_figure_and_changes_none(world) -> None:
    statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=4)
    found = statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=4)
    touched = "\n".join(found)
    for table in ("evidence_atom", "evidence_namedanswer", "scores_", "release_", "core_livetopic"):
        assert table not in touched
    assert len(found) <= 16


def test_more_values_cost_no_more_statements(world) -> None:
    statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=4)
    one = statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=1)
    four = statements(world, "Ana Keller", Mode.CONFIDENTIAL, values=4)
    assert len(one) == len(four)


def test_a_named_answer_costs_more_because_it_moves_a_figure(world) -> None:
    statements(world, "Ana Keller", Mode.NAMED, values=4)
    named = statements(world, "Ana Keller", Mode.NAMED, values=4)
    assert any("scores_partnerscore" in sql for sql in named)
