"""Sealed secrets open here and nowhere else."""

import pytest
from pytest_django import Settings

from partnerloop.programs.sealing import SealBroken, seal, unseal


def test_what_was_sealed_opens_again_and_cannot_be_read() -> None:
    sealed = seal("correct horse")
    assert unseal(sealed) == "correct horse"
    assert "horse" not in sealed
    assert seal("correct horse") != sealed


def test_no_secret_needs_no_seal() -> None:
    assert seal("") == ""
    assert unseal("") == ""


def test_another_key_does_not_open_it(settings: Settings) -> None:
    sealed = seal("correct horse")
    settings.SECRET_KEY = "another key of this installation, long enough"
    with pytest.raises(SealBroken):
        unseal(sealed)


def test_an_old_key_still_opens_what_it_sealed(settings: Settings) -> None:
    sealed = seal("correct horse")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of this installation, long enough"
    assert unseal(sealed) == "correct horse"


def test_a_changed_seal_is_refused() -> None:
    with pytest.raises(SealBroken):
        unseal(seal("correct horse")[:-2] + "xx")
