"""What partners read around the questions is in every language, and compiled as it was written."""

import importlib.util

import pytest
from django.conf import settings

from tests.architecture.respondents_words import PLACES, said
from tests.architecture.tree import PACKAGE, ROOT

_spec = importlib.util.spec_from_file_location("_words", ROOT / "bin" / "_words.py")
assert _spec
assert _spec.loader
words = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(words)

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]


def catalogue(language: str) -> str:
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_and_none_is_left_over(language):
    here = {key: text for key, text in words.read(catalogue(language)).items() if key}
    there = {"\0".join(one): place for one, place in said().items()}
    missing = [f"{place}: {key}" for key, place in there.items() if not here.get(key)]
    assert missing == [], "write these into the .po files, then run bin/words"
    assert here.keys() - there.keys() == set(), "nothing says these any more"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_every_name_and_figure(language):
    for key, text in words.read(catalogue(language)).items():
        forms = text.split("\0")
        wanted = sorted(set(PLACES.findall(key)))
        assert sorted(set(PLACES.findall(text))) == wanted, key
        if "\0" not in key:
            assert all(sorted(PLACES.findall(f)) == sorted(PLACES.findall(key)) for f in forms), key


@pytest.mark.parametrize("language", OTHERS)
def test_what_django_reads_is_what_the_source_says(language):
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.mo"
    assert path.read_bytes() == words.compiled(catalogue(language)), "run bin/words"


def test_a_catalogue_is_read_with_its_plurals_and_long_lines():
    text = 'msgid ""\n"a "\n"b"\nmsgid_plural "c"\nmsgstr[0] "d\\n"\nmsgstr[1] "e"\n\n# f\n'
    assert words.read(text) == {"a b\0c": "d\n\0e"}
