"""Every page of a program is described, and no page is described that does not exist."""

import re

from tests.architecture.tree import ROOT
from tests.web.test_tenants import PUBLIC, ROUTES

TEXT = (ROOT / "docs" / "reference" / "pages.md").read_text(encoding="utf-8")
ROWS = TEXT.partition("## For members")[2].partition("## For everybody")[0]


def test_the_reference_describes_the_pages_that_exist() -> None:
    described = {
        name
        for row in re.findall(r"^\| (`[^|]+) \|", ROWS, re.MULTILINE)
        for name in re.findall(r"`([a-z-]+)`", row)
    }
    assert described == {name for name, _ in ROUTES if name not in PUBLIC}
