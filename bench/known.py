"""What the acceptance scenarios share: how a program asks, and which answers may be known."""

import numpy as np

from bench.evidence import as_evidence
from partnerloop.engine.columns import Columns

EVERY = 31
MIXES = {"all answers": 1.0, "50/40/10": 0.5, "10/80/10": 0.1}
PROGRAM = (
    "300 partners, about 2,400 contacts (three companies in five have at most six), asked every "
    f"{EVERY} days, 30 % answer; two years, learnt in the first, judged in the second."
)


def known(columns: Columns, *, named: float, seed: int) -> Columns:
    """This will keep named answers and atoms, or all answers."""
    if named == 1.0:
        return columns
    rng = np.random.default_rng([seed, 23])
    return as_evidence(columns, rng=rng, named=named, confidential=0.9 - named)


def meaning(row: type) -> str:
    """This will tell what the columns of a table mean, from the row's own words."""
    return " ".join((row.__doc__ or "").split())
