"""Loading a file of questions: a dry run first; then all of it, or nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from partnerloop.accounts.models import Membership
from partnerloop.programs.models import Program
from partnerloop.pulses.adding import add_question
from partnerloop.pulses.filing.metrics import (
    MetricChange,
    changes_of,
    keep_metric,
    known_metrics,
)
from partnerloop.pulses.filing.problems import Problem
from partnerloop.pulses.filing.reading import Told, read
from partnerloop.pulses.filing.shapes import shape_of
from partnerloop.pulses.measuring import UnusableMetric
from partnerloop.pulses.models import Question, Wording
from partnerloop.pulses.retiring import NeededQuestion, bring_back, refuse_needed, retire
from partnerloop.pulses.rewording import Words, add_version, words_of
from partnerloop.pulses.wording import languages_for, newest_wordings


class UnusableFile(ValueError):
    """A file that was to be saved and has problems."""


@dataclass(frozen=True, slots=True)
class Change:
    """What saving would do to one question."""

    told: Told
    question: Question | None
    before: Words | None
    is_reworded: bool
    retires: bool
    brings_back: bool

    @property
    def says(self) -> str:
        """Return what would happen, in words."""
        done = ["new question"] if self.question is None else []
        if self.question is not None and self.is_reworded:
            done.append("new words" if self.before else "first words in this language")
        if self.retires:
            done.append("retired")
        if self.brings_back:
            done.append("brought back")
        return ", ".join(done)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file would do: its changes, how many questions stay the same, its problems."""

    language: str
    changes: tuple[Change, ...]
    same: int
    problems: tuple[Problem, ...]
    metrics: tuple[MetricChange, ...] = ()

    @property
    def all_changes(self) -> tuple[MetricChange | Change, ...]:
        """Return what would change, metrics first: questions measure them."""
        return (*self.metrics, *self.changes)

    @property
    def is_ready(self) -> bool:
        """Return whether there is something to save and nothing in the way."""
        return bool(self.all_changes) and not self.problems


def check(program: Program, text: str) -> Checked:
    """This will say what a file would do; nothing is saved."""
    questions = {row.key: row for row in Question.objects.of(program).select_related("program")}
    known = {key: shape_of(question) for key, question in questions.items()}
    found = read(text.removeprefix("\ufeff"), known=known, metrics=known_metrics(program))
    newest = newest_wordings(program, language=found.language)
    metrics, wrong = changes_of(program, found.metrics, language=found.language)
    problems, changes, same = [*found.problems, *wrong], [], 0
    for told in found.told:
        question = questions.get(told.key)
        wording = newest.get(question.pk) if question else None
        if wording and words_of(wording) != told.words and told.version <= wording.version:
            says = f"{told.key}, version: the words changed, so raise it above {wording.version}."
            problems.append(Problem(told.line, says))
            continue
        if told.is_new and found.language not in languages_for(program):
            says = f"{told.key}: write a new question in {languages_for(program)[0]} first."
            problems.append(Problem(told.line, says))
        change = _change(told, question, wording)
        if change.retires and question is not None:
            try:
                refuse_needed(question)
            except NeededQuestion as why:
                problems.append(Problem(told.line, f"{told.key}, retired: {why}"))
        if change.says:
            changes.append(change)
        else:
            same += 1
    problems.sort(key=lambda one: one.line)
    return Checked(found.language, tuple(changes), same, tuple(problems), tuple(metrics))


@transaction.atomic
def load(program: Program, text: str, *, by: Membership | None, at: datetime) -> Checked:
    """This will save what the file changes, all of it; UnusableFile where something is wrong."""
    list(Question.objects.of(program).select_for_update().order_by("pk").values_list("pk"))
    checked = check(program, text)
    if checked.problems:
        raise UnusableFile("Nothing has been saved: the file has problems.")
    try:
        for metric in checked.metrics:
            keep_metric(program, metric, language=checked.language, by=by, at=at)
        for change in checked.changes:
            _keep(program, change, language=checked.language, by=by, at=at)
    except (NeededQuestion, UnusableMetric) as why:
        raise UnusableFile(f"Nothing has been saved: {why}") from None
    return checked


def _change(told: Told, question: Question | None, wording: Wording | None) -> Change:
    is_retired = question is not None and question.retired_at is not None
    before = words_of(wording) if wording else None
    return Change(
        told,
        question,
        before,
        is_reworded=before != told.words,
        retires=told.is_retired is True and not is_retired,
        brings_back=told.is_retired is False and is_retired,
    )


def _keep(
    program: Program, change: Change, *, language: str, by: Membership | None, at: datetime
) -> None:
    told, question = change.told, change.question
    if question is None:
        question = add_question(program, told.key, shape=told.shape, by=by, at=at)
    if change.is_reworded:
        add_version(question, told.words, language=language, version=told.version, by=by, at=at)
    if change.retires:
        retire(question, by=by, at=at)
    if change.brings_back:
        bring_back(question, by=by, at=at)
