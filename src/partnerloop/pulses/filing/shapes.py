"""What a question is, apart from its words, as fields of a file."""

from collections.abc import Mapping
from typing import Any

from partnerloop.pulses.models import Question

# The fields of a shape with what they are where the file does not name them, in their order.
UNNAMED: Mapping[str, Any] = {
    "kind": None,
    "metric": "",
    "overall": False,
    "purpose": "",
    "about": "",
    "reversed": False,
    "follows": "",
    "roles": [],
}
PLAIN = (Question.Purpose.DIMENSION, Question.Purpose.OVERALL)


def shape_of(question: Question) -> dict[str, Any]:
    """Return the shape of a question; an open one after an overall score counts as overall."""
    in_dimension = question.purpose == Question.Purpose.DIMENSION
    return {
        "kind": question.kind,
        "metric": question.measure if in_dimension else "",
        "overall": question.purpose == Question.Purpose.OVERALL,
        "purpose": "" if question.purpose in PLAIN else question.purpose,
        "about": question.about,
        "reversed": question.is_reversed,
        "follows": question.follows,
        "roles": list(question.roles),
    }
