"""A partner's history given all its answers, also the later ones: for trends, not for alarms.

The fixed-interval smoother of Rauch, Tung and Striebel over the filter's own steps: a day between
two answers is informed by both. Jumps that the filter has found by the end widen the day they
happened on. See docs/methods/model.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from partnerloop.engine import kalman
from partnerloop.engine.interface import CROWD, Belief, Floats, Observation, State


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """The belief on a day, looking back: ``mean`` (M,), ``cov`` (M, M)."""

    day: float
    mean: Floats
    cov: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    """A step forward: ``keep`` of the last belief, the belief before and after the answer."""

    day: float
    keep: Floats
    wanted: bool
    before: tuple[Floats, Floats]
    after: tuple[Floats, Floats]


def smooth(
    dynamics: kalman.Dynamics,
    state: State,
    *,
    observations: Sequence[Observation],
    days: Sequence[float],
) -> tuple[Smoothed, ...]:
    """This will tell the beliefs on ``days``, given observations in order of days.

    ``state`` is the one before any of them.
    """
    run = kalman.Filter(dynamics, state).take(observations)
    last = run.at
    nodes = _forward(
        dynamics,
        _with_everybody(dynamics, state, observations),
        observations=observations,
        days=[day for day in days if day < last],
        jumps=dict(run.jumps.happened()),
    )
    found = _backward(nodes, metrics=len(dynamics.mu))
    for day in sorted({day for day in days if day >= last}):
        found[day] = _cut(run.belief(at=day), metrics=len(dynamics.mu))
    return tuple(found[day] for day in days)


def _cut(belief: Belief, *, metrics: int) -> Smoothed:
    return Smoothed(belief.at, belief.mean[:metrics], belief.cov[:metrics, :metrics])


def _with_everybody(
    dynamics: kalman.Dynamics, state: State, observations: Sequence[Observation]
) -> State:
    """The starting belief with a place for everyone who will ever answer."""
    raters = tuple(dict.fromkeys(one.rater or CROWD for one in observations))
    metrics, size = len(dynamics.mu), len(dynamics.mu) + len(raters)
    cov = dynamics.leniency * np.eye(size)
    cov[:metrics, :metrics] = state.cov
    mean = np.concatenate((state.mean, np.zeros(len(raters))))
    return replace(
        state,
        mean=mean,
        cov=cov,
        raters=raters,
        heard=(-math.inf,) * len(raters),
        erratic=np.zeros((len(raters), 2)),
        ways=np.zeros((0, size)),
        spawned=math.inf,
    )


def _forward(
    dynamics: kalman.Dynamics,
    state: State,
    *,
    observations: Sequence[Observation],
    days: Sequence[float],
    jumps: dict[float, float],
) -> list[_Node]:
    """The filter step by step, with a stop at every day asked for, after that day's answers."""
    stops: list[tuple[float, Observation | None]] = [(one.day, one) for one in observations]
    stops += [(day, None) for day in set(days)]
    stops.sort(key=lambda stop: (stop[0], stop[1] is None))
    run, nodes = kalman.Filter(dynamics, state), []
    metrics = len(dynamics.mu)
    last = stops[0][0] if stops else 0.0
    for day, one in stops:
        run.move(day)
        run.cov[:metrics, :metrics] += jumps.pop(day, 0.0) if one else 0.0
        keep = dynamics.keep(len(run.mean), days=day - last)
        before = (run.mean.copy(), run.cov.copy())
        run.take([one] if one else [])
        nodes.append(_Node(day, keep, one is None, before, (run.mean.copy(), run.cov.copy())))
        last = day
    return nodes


def _backward(nodes: list[_Node], *, metrics: int) -> dict[float, Smoothed]:
    found: dict[float, Smoothed] = {}
    later: _Node | None = None
    mean, cov = nodes[-1].after if nodes else (np.zeros(0), np.zeros((0, 0)))
    for node in reversed(nodes):
        if later:
            mean, cov = _back(node, later, mean, cov)
        if node.wanted:
            found[node.day] = Smoothed(node.day, mean[:metrics], cov[:metrics, :metrics])
        later = node
    return found


def _back(node: _Node, later: _Node, mean: Floats, cov: Floats) -> tuple[Floats, Floats]:
    """One step back in time: what the later days say about this one."""
    gain = np.linalg.solve(later.before[1], later.keep[:, None] * node.after[1]).T
    back = node.after[1] + gain @ (cov - later.before[1]) @ gain.T
    return node.after[0] + gain @ (mean - later.before[0]), (back + back.T) / 2
