"""Released figures made ready for a page: words, advice, small print, movement and trend.

Workspace and portal build their scorecards from the same cards, so both sides see the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import hypot

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from partnerloop.accounts.models import Membership
from partnerloop.core import words
from partnerloop.insights.advice import advice, is_weak, own_advice
from partnerloop.insights.pulling import pulling_roles
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.pulses.bank import COMPOSITE
from partnerloop.release.figures import figures
from partnerloop.release.gate import Basis, Cell, Figure, Hidden, Reason, Scope, TrendPoint
from partnerloop.release.trends import trends
from partnerloop.web.charts import Moment, shared_scale
from partnerloop.web.components import Advised, MetricLine, Move, ScoreCard
from partnerloop.web.metric_names import MetricNames, metric_names


@dataclass(frozen=True, slots=True)
class Shown:
    """One metric as the gate released it, in words. `figure` is the own one, `like` borrowed."""

    measure: str
    name: str
    note: str
    figure: words.Figure | None = None
    like: words.Figure | None = None
    hidden: str = ""
    is_veiled: bool = False
    people: str = ""
    basis: str = ""
    advised: Advised = field(default_factory=Advised)
    move: Move = field(default_factory=lambda: Move(None))
    moments: Sequence[Moment] = ()


def scorecard(
    program: Program, *, by: Membership | Partner, scope: Scope, at: datetime
) -> list[Shown]:
    """This will return the metrics of a scope as this reader may see them, with their trends."""
    cells, names = figures(program, by=by, scope=scope, at=at), metric_names(program)
    points = trends(program, by=by, scope=scope, measures=cells, at=at)
    roles = _pulling(program, cells.values(), by=by, scope=scope, at=at)
    return [
        shown(
            cell,
            names=names,
            points=up_to_now(points[measure], cell, at=at),
            pulled_by=roles.get(measure),
        )
        for measure, cell in cells.items()
    ]


def up_to_now(points: Sequence[TrendPoint], cell: Cell, *, at: datetime) -> list[TrendPoint]:
    """This will end a weekly trend in the figure of this moment, so that both say the same."""
    past = [point for point in points if point.week < at.date()]
    if isinstance(cell, Hidden) or cell.basis is Basis.LIKE:
        return past
    return [*past, TrendPoint(at.date(), cell.mean, cell.low, cell.high)]


def _pulling(
    program: Program,
    cells: Iterable[Cell],
    *,
    by: Membership | Partner,
    scope: Scope,
    at: datetime,
) -> dict[str, str]:
    """Name the roles that pull weak figures down, to members only: colleagues would guess whom."""
    weak = (isinstance(cell, Figure) and is_weak(in_words(cell).verdict) for cell in cells)
    is_named_to_reader = scope.is_single or scope.partners is None
    if isinstance(by, Partner) or not is_named_to_reader or not any(weak):
        return {}
    return pulling_roles(program, partners=scope.partners, at=at)


def shown(
    cell: Cell,
    *,
    names: MetricNames,
    points: Sequence[TrendPoint] = (),
    pulled_by: str | None = None,
) -> Shown:
    """This will put one released cell into words."""
    name, note = names.name_and_note(cell.measure)
    if isinstance(cell, Hidden):
        is_veiled = cell.reason is Reason.VEILED
        return Shown(cell.measure, name, note, hidden=cell.sentence, is_veiled=is_veiled)
    figure = in_words(cell)
    if cell.basis is Basis.LIKE:
        return Shown(
            cell.measure, name, note, like=figure, people=cell.people, basis=small_print(cell)
        )
    move = moved(points)
    own = names.own.get(cell.measure)
    advised = (
        own_advice(own.low, own.high, figure.verdict, move.direction, role=pulled_by)
        if own
        else advice(cell.measure, figure.verdict, move.direction, role=pulled_by)
    )
    return Shown(
        cell.measure,
        name,
        note,
        figure=figure,
        people=cell.people,
        basis=small_print(cell),
        advised=Advised(says=advised.says, do=advised.do),
        move=move,
        moments=moments(points),
    )


def score_cards(metrics: Sequence[Shown], *, url: str = "") -> list[ScoreCard]:
    """This will return the cards of the first screen, their small trends on one scale."""
    scale = shared_scale(*(metric.moments for metric in metrics))
    return [
        ScoreCard(
            name=metric.name,
            url=url,
            note=metric.note,
            figure=metric.figure,
            like=metric.like,
            hidden=metric.hidden,
            move=metric.move if metric.move.direction != "flat" else None,
            moments=metric.moments,
            scale=scale,
            advice=metric.advised,
        )
        for metric in metrics
    ]


def metric_lines(metrics: Sequence[Shown], *, peers: Sequence[Shown] = ()) -> list[MetricLine]:
    """This will return the lines of a scorecard, compared with partners like this one."""
    compared = {peer.measure: peer.figure or peer.like for peer in peers}
    scale = shared_scale(*(metric.moments for metric in metrics))
    return [
        MetricLine(
            name=metric.name,
            note=metric.note,
            figure=metric.figure,
            peer=compared.get(metric.measure),
            like=metric.like,
            hidden=metric.hidden,
            moments=metric.moments,
            scale=scale,
            people=metric.people,
            advice=metric.advised,
            basis=metric.basis,
        )
        for metric in metrics
    ]


def in_words(figure: Figure | TrendPoint) -> words.Figure:
    """This will return a released figure as charts and verdicts read it."""
    return words.Figure(mean=figure.mean, low=figure.low, high=figure.high)


def moments(points: Iterable[TrendPoint]) -> list[Moment]:
    """This will return a trend as charts read it."""
    return [Moment(point.week, in_words(point)) for point in points]


def moved(points: Sequence[TrendPoint]) -> Move:
    """This will compare a trend's ends: a change counts when its likely range leaves out zero.

    The two ends are taken as independent, and the range of their difference as the 95 % one, so
    that all metrics together rarely move by chance alone.
    """
    if len(points) < 2:
        return Move(None)
    first, last = points[0], points[-1]
    by = last.mean - first.mean
    likely = hypot(last.high - last.low, first.high - first.low) / 2
    return Move(by if abs(by) > likely * WIDER else None)


# From a 90 % range to a 95 % one.
WIDER = 1.96 / 1.645


def small_print(figure: Figure) -> str:
    """This will say what a figure rests on, and since when."""
    rests_on = gettext(RESTS_ON[figure.basis, figure.confidential])
    if figure.people:
        is_borrowed = figure.basis is Basis.LIKE
        rests_on = gettext(ALIKE if is_borrowed else OF_PEOPLE).format(
            answers=rests_on, people=figure.people
        )
    if figure.week:
        week = words.week_number(figure.week)
        rests_on = gettext("{answers}, as of {week}").format(answers=rests_on, week=week)
    if figure.coverage and figure.basis is Basis.OWN:
        covered = gettext("{answers}; {share}% of the answers covered")
        rests_on = covered.format(answers=rests_on, share=figure.coverage)
    return rests_on


ALIKE = _("{answers}, {people} people")
OF_PEOPLE = _("{answers} of {people} people")
RESTS_ON = {
    (Basis.OWN, True): _("Named answers and blurred batches"),
    (Basis.OWN, False): _("Named answers"),
    (Basis.INFERRED, True): _(
        "Inferred from the overall question: named answers and blurred batches"
    ),
    (Basis.INFERRED, False): _("Inferred from the overall question: named answers"),
    (Basis.LIKE, True): _("Partners like this one"),
    (Basis.LIKE, False): _("Partners like this one"),
}
"""What a figure rests on, by its basis and whether confidential answers are part of it."""


def lowest(metrics: Sequence[Shown]) -> Shown | None:
    """This will return the metric with the lowest figure that is narrow enough for a word."""
    known = [
        (metric.figure.mean, metric)
        for metric in metrics
        if metric.measure != COMPOSITE
        and metric.figure is not None
        and metric.figure.verdict.levels
    ]
    return min(known, key=lambda pair: pair[0])[1] if known else None
