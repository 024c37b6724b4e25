"""A program's own questions: they enter no dimension, and are asked where a pulse names them.

Those that measure a metric of the program's own are chosen like the bank's, dimension by dimension.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from partnerloop.accounts.models import Membership
from partnerloop.core.models import record_audit
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Metric, Question
from partnerloop.pulses.rewording import Words, add_version, refuse_unusable

OWN_KEY = "own_"  # no key of the built-in bank starts like this
LONGEST_KEY = 60


class UnusableShape(ValueError):
    """A question that cannot be asked like this; `field` names what is wrong, the message why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@transaction.atomic
def write_question(
    program: Program,
    words: Words,
    *,
    shape: Mapping[str, Any],
    language: str,
    by: Membership | None,
    at: datetime,
) -> Question:
    """This will add a question with its first words; UnusableWords where it can't be asked."""
    refuse_unusable(words, kind=shape["kind"], purpose=purpose_of(shape))
    key = _free_key(program, words.text)
    question = add_question(program, key, shape=shape, by=by, at=at)
    add_version(question, words, language=language, version=1, by=by, at=at)
    return question


def refuse_shape(shape: Mapping[str, Any]) -> None:
    """Raise UnusableShape where what a question is contradicts itself."""
    is_open = shape["kind"] == Question.Kind.OPEN
    metric, follows = shape.get("metric", ""), shape.get("follows", "")
    if shape["reversed"] and is_open:
        raise UnusableShape("reversed", "An open question has no scale to turn round.")
    if follows and not (is_open and metric):
        raise UnusableShape("follows", "Only an open question of a metric comes after a score.")
    if is_open and metric and not follows:
        raise UnusableShape("follows", "Say after which score of the metric it comes.")


def purpose_of(shape: Mapping[str, Any]) -> Question.Purpose:
    """Return what a question of this shape is for: one with a metric measures it."""
    return Question.Purpose.DIMENSION if shape.get("metric") else Question.Purpose.OWN


def _free_key(program: Program, text: str) -> str:
    """Return a key that tells what the question is about and that no question has yet."""
    told = slugify(text.replace("{vendor}", "")).replace("-", "_")[:40].strip("_") or "question"
    taken = set(Question.objects.of(program).values_list("key", flat=True))
    wanted = [f"{OWN_KEY}{told}", *(f"{OWN_KEY}{told}_{n}" for n in range(2, len(taken) + 3))]
    return next(key for key in wanted if key not in taken)


@transaction.atomic
def add_question(
    program: Program, key: str, *, shape: Mapping[str, Any], by: Membership | None, at: datetime
) -> Question:
    """This will add a question of the program's own; its words come next.

    `shape` holds kind, reversed and roles, and where it measures one of the program's own metrics
    that one's key, or after which score it follows. They never change: answers would mean something
    else.
    """
    measured = shape.get("metric", "")
    metric = Metric.objects.of(program).get(key=measured) if measured else None
    question = Question.objects.create(
        program=program,
        key=key,
        kind=shape["kind"],
        measure=measured or key,
        metric=metric,
        purpose=purpose_of(shape),
        is_reversed=shape["reversed"],
        follows=shape.get("follows", ""),
        roles=list(shape["roles"]),
    )
    record_audit(
        "question.added",
        at=at,
        actor=f"user:{by.user_id}" if by else "system",
        target=f"question:{question.pk}",
        program_id=program.pk,
    )
    return question
