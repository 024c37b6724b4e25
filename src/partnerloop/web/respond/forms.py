"""Reading what a respondent posted: nothing is required, and rubbish is told in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from partnerloop.programs.models import Mode
from partnerloop.pulses.asked import AskedQuestion
from partnerloop.responses.accepted import Submission
from partnerloop.web.respond.pages import FormError

CANNOT_JUDGE = "none"
VALUES = {str(value): value for value in range(11)}
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted: the submission, the raw fields for showing them again, and what is wrong."""

    submission: Submission
    fields: Mapping[str, str]
    errors: tuple[FormError, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing at all was filled in."""
        return not self.submission.ratings and not self.submission.words


def field_name(question: AskedQuestion) -> str:
    """Return the form field of a question."""
    return f"q{question.wording_id}"


def read(fields: Mapping[str, str], questions: Sequence[AskedQuestion]) -> Posted:
    """Return what was posted for these questions; unknown fields are ignored."""
    ratings: dict[int, int | None] = {}
    words: dict[int, str] = {}
    errors = []
    for question in questions:
        name = field_name(question)
        given = fields.get(name, "").replace("\0", "").strip()  # no database keeps a NUL
        if not given:
            continue
        if not question.is_rated:
            words[question.wording_id] = given
            if len(given) > LONGEST:
                errors.append(FormError(_too_long(given), field=name))
        elif given == CANNOT_JUDGE:
            ratings[question.wording_id] = None
        elif given in VALUES:
            ratings[question.wording_id] = VALUES[given]
        else:
            errors.append(
                FormError(gettext("Choose a number from 0 to 10, or leave it out."), field=name)
            )
    mode = fields.get("mode", "")
    if not ratings and not words and not errors:
        errors.append(
            FormError(
                gettext("Nothing is filled in yet. Answer any one of these, then press Send.")
            )
        )
    chosen = Mode(mode) if mode in Mode.values else None
    return Posted(Submission(chosen, ratings, words), fields, tuple(errors))


def _too_long(given: str) -> str:
    told = gettext("That is {number} characters too long; shorten it to {longest}.")
    return told.format(number=len(given) - LONGEST, longest=LONGEST)
