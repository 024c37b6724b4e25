"""Which language is spoken, and what it is called."""

import pytest

from partnerloop.core.speaking import language_name


@pytest.mark.parametrize(("code", "name"), [("de", "German"), ("ar", "Arabic"), ("xx", "xx")])
def test_a_language_is_named_and_an_unknown_one_keeps_its_code(code, name):
    assert language_name(code) == name
