"""The how-to names every word that a refused token is told, and every claim, and no other."""

from partnerloop.integrations.widget.identity import CLAIMS, SENTENCES, Refusal
from tests.architecture.tree import DOCS, table_of

PAGE = DOCS / "how-to" / "embed-the-widget.md"


def test_every_word_of_refusal_is_documented_and_has_a_sentence() -> None:
    told = [row[0].strip("`") for row in table_of(PAGE, heading="What a refused token is told")]
    assert told == [why.value for why in Refusal]
    assert set(SENTENCES) == set(Refusal)


def test_every_claim_that_is_demanded_is_documented() -> None:
    rows = table_of(PAGE, heading="The token")
    told = {name.strip("` ") for row in rows for name in row[0].split(",")}
    assert set(CLAIMS) <= told
