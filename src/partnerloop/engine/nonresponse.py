"""How far a score could be off if those who do not answer think otherwise.

The model takes silence for chance. Until it learns from silence, this tells what the score would
be if the unhappy were more silent, or if they were the ones who speak. See
docs/methods/nonresponse.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from partnerloop.engine.dynamics import Dynamics
from partnerloop.engine.interface import Belief, Floats, Hyperparameters, Layout, Observation
from partnerloop.engine.model import FilterModel

# How much more (log odds) somebody answers who sees things two points better: the range of doubt.
GAMMA = 0.8
# Spread of people's readiness to answer (log odds), squared: it is not all opinion.
READINESS = 0.8**2
# By how much that spread softens the effect of opinion on who answers (logit against probit).
SPREADING = math.sqrt(1 + 0.346 * READINESS)


@dataclass(frozen=True, slots=True)
class Asked:
    """How often a contact was asked in the period scored, and how often she answered at all."""

    rater: str
    asks: int
    answers: int

    def __post_init__(self) -> None:
        if not 0 <= self.answers <= self.asks:
            raise ValueError(f"{self.answers} answers to {self.asks} asks")


@dataclass(frozen=True, slots=True)
class Band:
    """The composite if silence means discontent, if it means nothing, if it means content."""

    if_silent_are_unhappy: float
    mean: float
    if_silent_are_happy: float


def sensitivity(
    model: FilterModel,
    *,
    segment: int,
    observations: Sequence[Observation],
    asked: Sequence[Asked],
    answer_rate: float,
    at: float,
    gamma: float = GAMMA,
) -> Band:
    """This will tell the composite under three readings of silence.

    Parameters
    ----------
    asked : every contact who was asked, also those who never answered
    answer_rate : share of asks answered in the whole program, between 0 and 1
    gamma : log odds of an answer per two points of a better view

    Notes
    -----
    logit P(answer) = readiness + gamma (view - average view) / 2, readiness spread by 0.8 between
    people. Each contact's record is one normal observation of her view; the program's level moves
    by the bias such answering causes on average. It is a what-if, not an interval: the truth can
    lie outside if silence means more than that.

    >>> from partnerloop.engine import Hyperparameters, Layout
    >>> model = FilterModel(Layout(), Hyperparameters.default(Layout()))
    >>> said = [Observation(float(d), 7, 7.0, rater="ana") for d in (0, 30, 60)]
    >>> who = [Asked("ana", 3, 3), Asked("ben", 3, 0), Asked("eva", 3, 0)]
    >>> band = sensitivity(model, segment=0, observations=said, asked=who, answer_rate=0.3, at=70)
    >>> [round(v, 1) for v in (band.if_silent_are_unhappy, band.mean, band.if_silent_are_happy)]
    [6.7, 7.0, 7.3]
    """
    if not 0 < answer_rate < 1:
        raise ValueError(f"an answer rate lies outside 0-1: {answer_rate}")
    if not gamma > 0:
        raise ValueError(f"gamma must be above 0: {gamma}")
    state = model.rescore(segment, observations=observations, at=at)
    unhappy, happy = (
        _composite_if(
            model, segment, observations, asked, answer_rate=answer_rate, at=at, gamma=sign * gamma
        )
        for sign in (1.0, -1.0)
    )
    middle = model.estimate(state, at=at).composite.mean
    return Band(min(unhappy, middle), middle, max(happy, middle))


def doubt(
    layout: Layout,
    hyper: Hyperparameters,
    *,
    segment: int,
    sd: float,
    answer_rate: float,
    gamma: float = GAMMA,
) -> float:
    """This will tell by how many points a composite is off if the silent think otherwise.

    Parameters
    ----------
    sd : of the composite, points
    answer_rate : share of asks answered in the whole program, between 0 and 1; a coarse one will do

    Notes
    -----
    Needs nobody's own record of answering, so the result may be shown. What a partner's answers
    explain of its level, 1 - sd^2 / variance over partners, is off by as much as those who answer
    are more lenient than their colleagues; the rest leans on the program's level, which is off by
    what such answering does to partners and people together.

    >>> given = Layout(), Hyperparameters.default(Layout())
    >>> [round(doubt(*given, segment=0, sd=sd, answer_rate=0.3), 2) for sd in (0.4, 1.2)]
    [0.19, 0.45]
    """
    if not 0 < answer_rate < 1:
        raise ValueError(f"an answer rate lies outside 0-1: {answer_rate}")
    dynamics, weights = Dynamics.of(layout, hyper, segment=segment), np.array(layout.weights)
    usual = float(weights @ dynamics.prior @ weights)
    unexplained = min(1.0, sd**2 / usual)
    moved = unexplained * float(weights @ dynamics.diffusion @ weights) + dynamics.leniency
    return abs(gamma) / 2 * (1 - answer_rate) * moved / SPREADING


def _composite_if(
    model: FilterModel,
    segment: int,
    observations: Sequence[Observation],
    asked: Sequence[Asked],
    *,
    answer_rate: float,
    at: float,
    gamma: float,
) -> float:
    dynamics, weights = model.dynamics(segment), np.array(model.layout.weights)
    spread = float(weights @ dynamics.diffusion @ weights) + dynamics.leniency
    lift = gamma / 2 * (1 - answer_rate) * spread / SPREADING
    hyper = replace(model.hyper, segment_means=model.hyper.segment_means - lift)
    moved = FilterModel(model.layout, hyper)
    belief = moved.belief(moved.rescore(segment, observations=observations, at=at), at=at)
    average = float(weights @ hyper.segment_means[segment])
    mean, cov = belief.mean, belief.cov
    for one in asked:
        if one.asks:
            mean, cov = _read(
                one,
                belief=replace(belief, mean=mean, cov=cov),
                weights=weights,
                average=average,
                usual=math.log(answer_rate / (1 - answer_rate)),
                gamma=gamma,
                leniency=dynamics.leniency,
            )
    return float(np.clip(weights @ mean[: len(weights)], 0, 10))


def _read(
    one: Asked,
    *,
    belief: Belief,
    weights: Floats,
    average: float,
    usual: float,
    gamma: float,
    leniency: float,
) -> tuple[Floats, Floats]:
    """A contact's record of answering as an observation of her view."""
    logit = math.log((one.answers + 0.5) / (one.asks - one.answers + 0.5))
    share = (one.answers + 1) / (one.asks + 2)
    noise = 4 / gamma**2 * (READINESS + 1 / (one.asks * share * (1 - share)))
    asks = np.zeros(len(belief.mean))
    asks[: len(weights)] = weights
    if one.rater in belief.raters:
        asks[len(weights) + belief.raters.index(one.rater)] = 1.0
    else:
        noise += leniency
    gain = belief.cov @ asks
    gain /= asks @ gain + noise
    residual = average + 2 * (logit - usual) / gamma - asks @ belief.mean
    return belief.mean + gain * residual, belief.cov - np.multiply.outer(gain, asks @ belief.cov)
