"""The reference names every route, scope and status of the API, and no other."""

import re

from partnerloop.api.problems import TITLES
from partnerloop.api.v1.interface import v1
from partnerloop.integrations.models import KeyScope
from tests.architecture.tree import DOCS, table_of

PAGE = DOCS / "reference" / "api.md"


def test_every_route_is_documented_with_its_scope() -> None:
    told = {row[0].strip("`"): row[1].strip("`") for row in table_of(PAGE, heading="Routes")}
    paths = v1.get_openapi_schema(path_prefix="")["paths"]
    routes = {f"{verb.upper()} {path}" for path, verbs in paths.items() for verb in verbs}
    assert set(told) == routes
    assert set(told.values()) == set(KeyScope.values)


def test_every_scope_is_documented() -> None:
    told = [row[0].strip("`") for row in table_of(PAGE, heading="Scopes")]
    assert told == sorted(KeyScope.values)


def test_every_status_is_documented() -> None:
    told = [int(row[0]) for row in table_of(PAGE, heading="Problems")]
    assert told == sorted(TITLES)


def test_the_how_to_uses_addresses_that_exist() -> None:
    text = (DOCS / "how-to" / "use-the-api.md").read_text(encoding="utf-8")
    used = set(re.findall(r"(?:/api/v1|call\(\")(/[a-z]+)", text))
    paths = v1.get_openapi_schema(path_prefix="")["paths"]
    assert used <= {f"/{path.split('/')[1]}" for path in paths}
    assert len(used) == 5
