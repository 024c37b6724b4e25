"""Every reason has its words, and its line in the documentation."""

import re
from pathlib import Path

import pytest

from partnerloop.partners.models import ContactRole
from partnerloop.planning.addressing import to_the_person
from partnerloop.planning.reasons import (
    HEADINGS,
    SENTENCES,
    Asked,
    NotAsked,
    Reason,
    sentence,
)
from tests.world import MONDAY

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "asking.md"


@pytest.mark.parametrize("key", [*Asked, *NotAsked])
def test_a_reason_is_one_whole_sentence(key: Asked | NotAsked) -> None:
    told = sentence(
        Reason(key, last=MONDAY.date(), next=MONDAY.date(), number=12), name="Ana {last}"
    )
    assert "Ana {last}" in told  # a name is never read as a placeholder
    assert told.endswith(".")
    assert told.count(". ") == 0
    assert "{name}" not in told
    assert len(key) <= 40  # it is stored with the invitation


def test_no_reason_tells_of_an_answer_or_a_score() -> None:
    """A talk that a member wrote down is by name, and the member knows who was there."""
    told = {key: str(text).casefold() for key, text in SENTENCES.items() if key is not Asked.TALK}
    for key, text in told.items():
        found = [word for word in ("answer", "score", "repl", "respon", "silent") if word in text]
        assert found == [], key


def test_every_reason_against_has_a_heading() -> None:
    assert set(HEADINGS) == set(NotAsked)


def test_every_role_is_told_why() -> None:
    told = {to_the_person(role=role, partner="Birk", last=None) for role in ContactRole}
    assert len(told) == len(ContactRole)


def test_the_documentation_lists_every_reason() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [*Asked, *NotAsked]
