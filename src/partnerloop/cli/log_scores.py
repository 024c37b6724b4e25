"""Scores of all partners from plain files, each as of a day and no later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from partnerloop.cli.log_history import History
from partnerloop.cli.log_past import columns_of, epochs, layout_of, learnt
from partnerloop.engine import Layout, program
from partnerloop.engine.columns import Columns
from partnerloop.engine.interface import Floats

Z80, Z95 = (NormalDist().inv_cdf(0.5 + level / 2) for level in (0.8, 0.95))


@dataclass(frozen=True)
class ScoreRow:
    """A partner's metric on a day, as it is written to the file."""

    partner: str
    metric: str
    day: int
    mean: float
    sd: float
    low80: float
    high80: float
    low95: float
    high95: float
    answers: int


def score(history: History, *, days: Sequence[float]) -> Iterator[ScoreRow]:
    """This will score every partner on each day from what was known then."""
    layout = layout_of(history)
    for group in epochs(days):
        hyper = learnt(history, at=group[0])
        # One pass serves all days of a group: a look knows what came before it and no more.
        columns = columns_of(history, until=group[-1])
        found = program.run(program.plan(columns, looks=group), layout=layout, hyper=hyper)
        for day, mean, cov in zip(group, found.mean, found.cov, strict=True):
            yield from _score_rows(history, layout, columns.until(day), mean, cov, day)


def _score_rows(
    history: History, layout: Layout, columns: Columns, mean: Floats, cov: Floats, day: float
) -> Iterator[ScoreRow]:
    weights = np.array(layout.weights)
    counts = np.zeros((len(history.partners), layout.items), np.int64)
    np.add.at(counts, (columns.partner, columns.metric), 1)
    for p, name in enumerate(history.partners):
        sds = np.sqrt(np.diag(cov[p])).tolist()
        for m, metric in enumerate(layout.metrics):
            yield _score_row(name, metric, day, float(mean[p, m]), sds[m], int(counts[p, m]))
        sd = float(np.sqrt(weights @ cov[p] @ weights))
        whole = float(weights @ mean[p])
        yield _score_row(name, "partnerscore", day, whole, sd, int(counts[p].sum()))


def _score_row(
    partner: str, metric: str, day: float, mean: float, sd: float, answers: int
) -> ScoreRow:
    return ScoreRow(
        partner=partner,
        metric=metric,
        day=int(day),
        mean=_clip(mean),
        sd=round(sd, 4),
        low80=_clip(mean - Z80 * sd),
        high80=_clip(mean + Z80 * sd),
        low95=_clip(mean - Z95 * sd),
        high95=_clip(mean + Z95 * sd),
        answers=answers,
    )


def _clip(value: float) -> float:
    return round(min(10.0, max(0.0, value)), 4)
