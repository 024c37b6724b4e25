"""People who tell the attacker their own answers, and what they help to find out."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from partnerloop.engine.layout import Ints
from partnerloop.release.adversary.ledger import Line, Published
from partnerloop.release.adversary.worlds import Answers


def helpers(answers: Answers, published: Published, *, of_each: int) -> Ints:
    """Return at each company the people who are in most of its batches: who helps most."""
    often: dict[int, Counter[int]] = {}
    for line in published.lines:
        for person, partner in zip(
            answers.person[line.members].tolist(),
            answers.partner[line.members].tolist(),
            strict=True,
        ):
            often.setdefault(partner, Counter())[person] += 1
    return np.array(
        [person for counts in often.values() for person, _ in counts.most_common(of_each)], np.int64
    )


def exposed(answers: Answers, lines: Sequence[Line], helping: Ints, *, at_least: int) -> Ints:
    """Return the answers that stand in a figure beside this many helpers, or beside helpers only.

    Without helpers these are all answers that ever counted.
    """
    found: list[Ints] = []
    for line in lines:
        knows = np.isin(answers.person[line.members], helping)
        if knows.sum() >= min(at_least, len(line.members) - 1):
            found.append(line.members[~knows])
    return np.unique(np.concatenate(found)) if found else np.array([], np.int64)
