"""What single questions say of the whole program, where they enter no metric."""

from collections.abc import Iterable
from dataclasses import dataclass

from partnerloop.accounts.models import Membership
from partnerloop.core import clock, words
from partnerloop.planning.shelf import NOT_FOR_PARTNERS
from partnerloop.pulses.models import Metric, Question
from partnerloop.release.gate import Hidden
from partnerloop.release.items import item_figures
from partnerloop.web.cards import in_words, small_print


@dataclass(frozen=True, slots=True)
class Answers:
    """The figure of one question, or why there is none to show."""

    measure: str
    figure: words.Figure | None = None
    basis: str = ""
    hidden: str = ""


def answers_to(member: Membership, questions: Iterable[Question]) -> list[Answers]:
    """Return the figures of those rated questions that enter no metric, in their order."""
    metrics = set(Metric.objects.of(member.program).values_list("key", flat=True))
    measures = [
        one.measure
        for one in questions
        if one.kind == Question.Kind.RATED
        and one.measure not in metrics
        and one.purpose not in NOT_FOR_PARTNERS
    ]
    if not measures:
        return []
    cells = item_figures(member.program, by=member, measures=measures, at=clock.now())
    return [
        Answers(measure, hidden=cell.sentence)
        if isinstance(cell, Hidden)
        else Answers(measure, figure=in_words(cell), basis=small_print(cell))
        for measure, cell in cells.items()
    ]
