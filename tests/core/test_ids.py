"""Identifiers and tokens tell nothing, and survive a mail program."""

import re
from uuid import UUID

from partnerloop.core.ids import derived_token, new_token, random_id, token_hash

KEY = b"a key of this installation"


def test_tokens_are_letters_and_digits_so_that_no_mail_program_cuts_them() -> None:
    tokens = [derived_token(KEY, "invitation", str(number)) for number in range(2000)]
    tokens += [new_token() for _ in range(2000)]
    assert all(re.fullmatch(r"[A-Za-z0-9]{32}", token) for token in tokens)
    assert len(set(tokens)) == 4000


def test_a_derived_token_depends_on_key_purpose_and_subject_only() -> None:
    token = derived_token(KEY, "invitation", "7")
    assert token == derived_token(KEY, "invitation", "7")
    others = {
        derived_token(b"another key", "invitation", "7"),
        derived_token(KEY, "receipt", "7"),
        derived_token(KEY, "invitation", "8"),
    }
    assert len(others | {token}) == 4


def test_ids_are_random_and_carry_no_time() -> None:
    assert isinstance(random_id(), UUID)
    assert {random_id().version for _ in range(50)} == {4}


def test_a_stored_hash_is_not_the_token() -> None:
    assert token_hash("secret") != "secret"
    assert len(token_hash("secret")) == 64
