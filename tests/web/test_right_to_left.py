"""Sheets of respondent pages name no left and no right, so that they can be mirrored."""

import re

import pytest
from django.contrib.staticfiles import finders

PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right)\b|(?<![\w-])(?:left|right)\s*:"
    r"|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)


@pytest.mark.parametrize("sheet", ["tokens.css", "common.css"])
def test_no_rule_names_a_side(sheet: str) -> None:
    path = finders.find(f"partnerloop/{sheet}")
    assert isinstance(path, str)
    with open(path, encoding="utf-8") as file:
        assert PHYSICAL.findall(file.read()) == []


@pytest.mark.parametrize("rule", ["margin-left: 1px", "{left:0}", "text-align: right"])
def test_the_check_sees_a_side(rule: str) -> None:
    assert PHYSICAL.search(rule)
