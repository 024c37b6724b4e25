"""The reference names every message that a webhook may get, and no other."""

from partnerloop.integrations.models import EventType
from tests.architecture.tree import DOCS, table_of


def test_every_message_is_documented() -> None:
    rows = table_of(DOCS / "reference" / "webhooks.md", heading="Messages")
    assert [row[0].strip("`") for row in rows] == sorted(EventType.values)
