"""Whatever a machine sends to whichever route: no failure of ours, and answers as described.

Schemathesis makes requests from our own OpenAPI description, right and wrong ones, and holds each
answer against it.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from partnerloop.api.v1.interface import v1
from partnerloop.config.wsgi import application
from partnerloop.partners.models import ImportRun
from tests.api.conftest import Caller, Watch, feedback
from tests.world import MONDAY, World

PROMISED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
described = schemathesis.openapi.from_dict(v1.get_openapi_schema(path_prefix="/api/v1/"))
described.app = application


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the connection of the test open between requests, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def there(world: World) -> dict[str, object]:
    """Rows that paths can name: half of the requests find one."""
    run = ImportRun.objects.create(
        program=world.program, kind="partners", file_name="theirs.csv", created_at=MONDAY
    )
    return {
        "partner_id": world.partners["Birk"].pk,
        "contact_id": world.people["Eva Lind"].pk,
        "feedback_id": str(feedback(world, "Deals are slow.", by="Eva Lind").pk),
        "import_id": str(run.pk),
    }


@described.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_description_names(
    case: Case, caller: Caller, watch: Watch, there: dict[str, object]
) -> None:
    watch.now += timedelta(minutes=1)  # the rate of a key is counted by the minute
    for name, value in case.path_parameters.items():
        if name in there and len(str(value)) % 2:
            case.path_parameters[name] = there[name]
    response = case.call(headers={"Authorization": f"Bearer {caller.secret}"})
    case.validate_response(response, checks=PROMISED)


def test_every_route_is_tried() -> None:
    routes = {operation.ok().label for operation in described.get_all_operations()}
    assert len(routes) >= 15
    assert {"GET /api/v1/partners", "POST /api/v1/imports"} <= routes
