"""Which open question follows the scores a person has just given.

Only the answer to the person's own press of Send depends on it: it is never stored, and no address
shows it again, so that nobody can read off from the question how somebody scored.
"""

from collections.abc import Mapping, Sequence

from partnerloop.evidence.scale import oriented
from partnerloop.pulses.asked import AskedQuestion

LOW = 6  # up to here "good, can be improved" is not reached: what went wrong is asked


def is_chosen_by_score(questions: Sequence[AskedQuestion]) -> bool:
    """Return whether the open question waits for a score: there is one for low and one for high."""
    return len({question.follows for question in questions if question.follows}) > 1


def follow_up(
    questions: Sequence[AskedQuestion], ratings: Mapping[int, int | None]
) -> AskedQuestion | None:
    """Return the open question that fits the score of what it follows; None where it has none."""
    if not is_chosen_by_score(questions):
        return None
    after = {question.follows: question for question in questions if question.follows}
    about = {question.measure for question in after.values()}
    for question in questions:
        value = ratings.get(question.wording_id) if question.measure in about else None
        if value is not None:
            score = oriented(value, is_reversed=question.is_reversed)
            return after.get("low" if score <= LOW else "high")
    return None
