"""What to ask: one overall item and two dimensions, or three dimensions, where they teach most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from partnerloop.engine.interface import Belief, Floats, Hyperparameters, Ints, Layout

Flags = NDArray[np.bool_]

# How strongly a dimension asked more often than the others is left out: 10 % more costs as much as
# an open batch with two people in it is worth.
EVENNESS = 20.0
# A dimension of a partner with three contacts or more that has waited this long is asked now.
LONGEST = 105.0
SEVERAL = 3
# Worth of each person already in an open batch, beside a usual gain of 1.
FILLING = 1.0
# Below any worth: what nobody can be asked about comes after all that they can.
NEVER = 1e9


@dataclass(frozen=True, eq=False)
class Known:
    """What is believed of each candidate's partner, and of the candidate's own leniency.

    cov : float array (n, M + 1, M + 1), points squared: the partner's M metrics, then this
    contact's leniency (from Belief.cov; one never heard has covariance 0 with the metrics).
    """

    cov: Floats

    @classmethod
    def of(cls, belief: Belief, *, raters: Sequence[str], leniency_sd: float) -> Self:
        """This will cut out of a partner's belief what concerns each of some of its contacts."""
        metrics = belief.cov.shape[0] - len(belief.raters)
        cov = np.zeros((len(raters), metrics + 1, metrics + 1))
        cov[:, :metrics, :metrics] = belief.cov[:metrics, :metrics]
        cov[:, -1, -1] = leniency_sd**2
        for k, rater in enumerate(raters):
            if rater in belief.raters:
                place = metrics + belief.raters.index(rater)
                cov[k, -1, :-1] = cov[k, :-1, -1] = belief.cov[place, :metrics]
                cov[k, -1, -1] = belief.cov[place, place]
        return cls(cov)

    def __add__(self, other: "Known") -> "Known":
        return Known(np.concatenate((self.cov, other.cov)))

    def take(self, places: Ints) -> "Known":
        """This will keep some candidates."""
        return Known(self.cov[places])


@dataclass(frozen=True, eq=False)
class Openings:
    """What each asked contact could still add, per dimension; arrays (n,) and (n, M).

    partner : int, any numbers;  contacts : int, how many the partner has
    wait : float, days since the dimension was asked of the partner
    people : float, how many are in the partner's open batch of the dimension
    inside : bool, this contact is one of them
    asked : float array (M,), asks per dimension over the program in the running period
    allowed : bool (n, M), there is a question on it for this contact; None: on all for everybody
    """

    partner: Ints
    contacts: Ints
    wait: Floats
    people: Floats
    inside: Flags
    asked: Floats
    allowed: Flags | None = None

    @classmethod
    def unknown(cls, partner: Ints, *, metrics: int) -> Self:
        """This will stand for a program that keeps no batches and has not asked anything yet."""
        shape = (partner.size, metrics)
        return cls(
            partner=partner,
            contacts=np.ones(partner.size, np.int64),
            wait=np.zeros(shape),
            people=np.zeros(shape),
            inside=np.zeros(shape, bool),
            asked=np.zeros(metrics),
        )


def expected_gain(known: Known, *, layout: Layout, hyper: Hyperparameters) -> Floats:
    """This will tell how much variance three answers of each candidate would take away.

    Summed over the metrics: an overall item first, then the two dimensions that teach most, each
    after what the ones before have taught. Points squared, one figure per candidate; other
    candidates' answers are not reckoned with (see choosing for that). Assumes normal beliefs:
    answers at the ends of the scale teach less than it says.

    Reference: Fedorov, V. (1972), Theory of optimal experiments (A-optimality).
    """
    total, cov = _after_overall(known.cov, layout, hyper)
    rows = np.arange(cov.shape[0])
    asked = np.zeros((rows.size, len(layout.metrics)), bool)
    for _ in range(2):
        each = np.where(asked, -1.0, _each_dimension(cov, hyper))
        best = each.argmax(axis=1)
        total = total + each[rows, best]
        asked[rows, best] = True
        cov = _after_dimension(cov, best, hyper)
    return total


def pick_questions(
    known: Known,
    *,
    openings: Openings,
    layout: Layout,
    hyper: Hyperparameters,
    rng: Generator,
    count: int = 2,
    response: float = 0.3,
) -> Ints:
    """This will pick `count` dimensions for each asked contact: int array (n, count).

    Worth is the gain (1 on average), more for each colleague already in an open batch the contact
    is not in, much more for a dimension that has waited too long at a partner with several
    contacts, less for dimensions asked more often than the others. Contacts come in random order;
    a colleague's ask counts as a likely answer (`response`), so that batches get full. A contact
    with fewer than `count` dimensions allowed gets those first, then others to be left out.
    """
    metrics = len(layout.metrics)
    if not 1 <= count <= metrics:
        raise ValueError(f"{count} dimensions of {metrics}")
    gains = _each_dimension(_after_overall(known.cov, layout, hyper)[1], hyper)
    worth = gains / max(float(gains.mean()), 1e-12)
    late = (openings.wait > LONGEST) & (openings.contacts >= SEVERAL)[:, None]
    worth = worth + late * (100.0 + openings.wait) - 100.0 * openings.inside
    if openings.allowed is not None:
        worth = np.where(openings.allowed, worth, -NEVER)
    order = rng.permutation(worth.shape[0])
    return _picked_in_turn(
        worth - 1e-6 * rng.random(worth.shape)[np.argsort(order)],
        openings=openings,
        order=order,
        count=count,
        response=response,
    )


def _picked_in_turn(
    worth: Floats, *, openings: Openings, order: Ints, count: int, response: float
) -> Ints:
    """What each contact is asked, one after the other, as each ask changes what the next is worth.

    Plain numbers: an array of a handful costs ten times as much as its sums.
    """
    size, metrics = worth.shape
    picked = np.empty((size, count), np.int64)
    asked, columns = openings.asked.astype(float).tolist(), range(metrics)
    partner, people = openings.partner.tolist(), openings.people
    joined: dict[int, list[float]] = {}
    for k in order.tolist():
        likely = joined.setdefault(partner[k], [0.0] * metrics)
        usual = max(sum(asked) / metrics, count)
        costs = [
            EVENNESS * (had / usual - 1.0) - own - FILLING * min(waiting + more, 2.0)
            for had, own, waiting, more in zip(
                asked, worth[k].tolist(), people[k].tolist(), likely, strict=True
            )
        ]
        best = sorted(columns, key=costs.__getitem__)[:count]
        picked[k] = best
        for column in best:
            asked[column] += 1.0
            likely[column] += response
    return picked


def _after_overall(cov: Floats, layout: Layout, hyper: Hyperparameters) -> tuple[Floats, Floats]:
    """The gain of an overall item, and the covariance after its answer."""
    asking = np.append(np.array(layout.weights), 1.0)
    pull = cov @ asking
    variance = pull @ asking + hyper.overall_noise_sd**2
    gain = (pull[:, :-1] ** 2).sum(axis=1) / variance
    return gain, _without(cov, pull, variance)


def _each_dimension(cov: Floats, hyper: Hyperparameters) -> Floats:
    """The gain of an answer on each dimension: (n, M)."""
    leniency = cov[:, -1, :-1]
    pull = cov[:, :-1, :-1] + leniency[:, None, :]
    own = np.diagonal(cov, axis1=1, axis2=2)
    variance = own[:, :-1] + 2 * leniency + own[:, -1:] + hyper.noise_sd**2
    return np.asarray((pull**2).sum(axis=2) / variance)


def _after_dimension(cov: Floats, asked: Ints, hyper: Hyperparameters) -> Floats:
    rows = np.arange(asked.size)
    pull = cov[rows, asked] + cov[:, -1]
    variance = pull[rows, asked] + pull[:, -1] + hyper.noise_sd**2
    return _without(cov, pull, variance)


def _without(cov: Floats, pull: Floats, variance: Floats) -> Floats:
    return cov - pull[:, :, None] * (pull / variance[:, None])[:, None, :]
