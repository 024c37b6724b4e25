"""Stocking a program's shelf with the question bank."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from partnerloop.core.models import record_audit
from partnerloop.programs.models import Program
from partnerloop.pulses.bank import COMPOSITE, Bank, BankQuestion, languages, read_bank
from partnerloop.pulses.models import Metric, Question, Wording
from partnerloop.pulses.wording import newest_wordings

FIRST_LANGUAGE = "en"


@dataclass(frozen=True)
class Stocked:
    """How many rows were new; all zero when the program already had everything."""

    metrics: int
    questions: int
    wordings: int

    @property
    def anything(self) -> bool:
        return bool(self.metrics or self.questions or self.wordings)


@transaction.atomic
def stock(program: Program, *, at: datetime) -> Stocked:
    """This will copy what the bank has and the program lacks; nothing that is there is edited.

    A raised version in the bank becomes a new Wording beside the old one, so that answers keep
    the words they were given to. What a program renamed, reworded or retired stays as it made it.
    """
    bank = read_bank(FIRST_LANGUAGE)
    metrics = _add_metrics(program, bank)
    questions = _add_questions(program, bank)
    wordings = sum(_add_wordings(program, read_bank(language)) for language in languages())
    stocked = Stocked(metrics=metrics, questions=questions, wordings=wordings)
    if stocked.anything:
        record_audit("bank.stocked", at=at, actor="system", target="bank", program_id=program.pk)
    return stocked


def _add_metrics(program: Program, bank: Bank) -> int:
    have = set(Metric.objects.of(program).values_list("key", flat=True))
    new = [
        Metric(
            program=program,
            key=metric.key,
            name=metric.name,
            definition=metric.definition,
            kind=Metric.Kind.COMPOSITE if metric.key == COMPOSITE else Metric.Kind.DIMENSION,
            position=position,
        )
        for position, metric in enumerate(bank.metrics)
        if metric.key not in have
    ]
    return len(Metric.objects.bulk_create(new))


def _add_questions(program: Program, bank: Bank) -> int:
    have = set(Question.objects.of(program).values_list("key", flat=True))
    metrics = {metric.key: metric for metric in Metric.objects.of(program)}
    new = [
        Question(
            program=program,
            key=question.key,
            kind=question.kind,
            measure=question.measures,
            metric=metrics.get(question.measures),
            purpose=question.purpose,
            about=question.about,
            is_overall=question.overall,
            is_reversed=question.reversed,
            follows=question.follows or "",
            roles=list(question.roles),
        )
        for question in bank.questions
        if question.key not in have
    ]
    return len(Question.objects.bulk_create(new))


def _add_wordings(program: Program, bank: Bank) -> int:
    """Add the bank's newer words; a language in which the program wrote its own is left alone."""
    questions = dict(Question.objects.of(program).values_list("key", "pk"))
    newest = newest_wordings(program, language=bank.language)
    new = []
    for question in bank.questions:
        on_shelf = newest.get(questions[question.key])
        if on_shelf is not None and not _is_outdated(on_shelf, by=question):
            continue
        last = on_shelf.version if on_shelf else 0
        new.append(
            Wording(
                program=program,
                question_id=questions[question.key],
                language=bank.language,
                version=max(question.version, last + 1),
                text=question.text,
                low=question.low,
                high=question.high,
                bank_version=question.version,
            )
        )
    return len(Wording.objects.bulk_create(new))


def _is_outdated(on_shelf: Wording, *, by: BankQuestion) -> bool:
    return on_shelf.bank_version is not None and on_shelf.bank_version < by.version
