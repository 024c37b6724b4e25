"""Writing the questions of a program as one file."""

import json
from collections.abc import Mapping
from typing import Any

from partnerloop.programs.models import Program
from partnerloop.pulses.filing.metrics import fields_of
from partnerloop.pulses.filing.shapes import UNNAMED, shape_of
from partnerloop.pulses.models import Metric, Question, Wording
from partnerloop.pulses.wording import newest_wordings

HEAD = """\
# Questions and own metrics of a program. Change words and raise `version`; answers keep the version
# they were given to. What a question measures stays as it is. `retired = true` asks it no more.
# `{{vendor}}` becomes the name of the company, `{{partner}}` that of the partner where customers or
# managers are asked. For another language change `language` and the words, and load the file.

language = {language}
"""


def write(program: Program, *, language: str) -> str:
    """Return the file: own metrics, and each question with its newest words, in this language.

    What has no words in it is left out; loading what was written changes nothing.
    """
    words = newest_wordings(program, language=language)
    rows = Question.objects.of(program).filter(pk__in=words).order_by("pk")
    parts = [HEAD.format(language=_written(language))]
    own = Metric.objects.of(program).filter(kind=Metric.Kind.OWN)
    told = ((metric.key, fields_of(metric, language=language)) for metric in own)
    parts += [_table(f"metrics.{key}", fields) for key, fields in told if fields]
    parts += [_question(question, words[question.pk]) for question in rows]
    return "\n".join(parts)


def _question(question: Question, wording: Wording) -> str:
    fields: dict[str, Any] = {"version": wording.version}
    fields |= {
        field: value for field, value in shape_of(question).items() if value != UNNAMED[field]
    }
    fields["text"] = wording.text
    if wording.low:
        fields |= {"low": wording.low, "high": wording.high}
    if question.retired_at is not None:
        fields["retired"] = True
    return _table(f"questions.{question.key}", fields)


def _table(name: str, fields: Mapping[str, Any]) -> str:
    lines = [f"{field} = {_written(value)}" for field, value in fields.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def _written(value: Any) -> str:
    """Return a value as TOML, of which JSON's strings, numbers and lists are a part."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
