"""Gone silent: more unanswered asks in a row than these people's own habits explain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from partnerloop.engine.interface import Floats, Ints

# An ask counts as unanswered after so many days.
PATIENCE = 14.0
# How many asks of a person weigh as much as what its role and segment usually do.
HABIT = 4.0


@dataclass(frozen=True, eq=False)
class Asked:
    """One partner's asks in order of days; arrays (n,).

    day : float;  contact : int, any numbers;  answered : bool
    usual : float in (0, 1), chance of an answer by role and segment
    """

    day: Floats
    contact: Ints
    answered: NDArray[np.bool_]
    usual: Floats

    def __post_init__(self) -> None:
        if (np.diff(self.day) < 0).any():
            raise ValueError("asks must be in order of days")
        if ((self.usual <= 0) | (self.usual >= 1)).any():
            raise ValueError("a chance of an answer lies between 0 and 1")


def read_silence(asked: Asked) -> Floats:
    """This will tell after each ask how unlikely the silence since the last answer is.

    Minus the log of the probability that all asks since anybody of the partner last answered stay
    unanswered, if people kept their habits: each person's own rate, drawn towards its role's and
    segment's (beta-binomial, so that a person asked twice is not thought to be known). Assumes that
    people decide apart from one another; a holiday season looks like silence.

    >>> asked = Asked(np.arange(6.0), np.zeros(6, int), np.array([1, 1, 0, 0, 0, 0], bool),
    ...               np.full(6, 0.5))
    >>> read_silence(asked).round(2).tolist()
    [0.0, 0.0, 1.1, 1.95, 2.64, 3.23]
    """
    said: dict[int, float] = {}
    silent: dict[int, float] = {}
    run, signs = 0.0, np.zeros(asked.day.size)
    rows = zip(asked.contact.tolist(), asked.answered.tolist(), asked.usual.tolist(), strict=True)
    for k, (who, answered, usual) in enumerate(rows):
        yes = said.setdefault(who, HABIT * usual)
        no = silent.setdefault(who, HABIT * (1 - usual))
        if answered:
            said[who] = yes + 1
            run = 0.0
        else:
            silent[who] = no + 1
            run -= float(np.log(no / (yes + no)))
        signs[k] = run
    return signs
