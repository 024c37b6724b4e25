"""How often each metric is to be asked about: all alike, those of open objectives a little more.

The engine leaves out what was asked about more often than the rest. What it is told as asked so far
makes a program's objectives count, and keeps a new metric from being asked of everybody at once.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from partnerloop.partners.objectives import open_objectives
from partnerloop.planning.history import PERIOD, asked_of_late
from partnerloop.programs.models import Program
from partnerloop.pulses.models import Metric

# Asks that every metric is taken to have had: in a small pulse it matters more that colleagues
# rate the same than that each metric is asked equally often.
ASKED_BEFORE = 80
# How much more often the metric of an open objective is asked about. With one in seven it lies
# nine in a hundred above the mean of all: inside the twelve that asking may be uneven by.
FOCUS = 1.1
LONG_AGO = 10**6


def even_asks(program: Program, measures: Sequence[str], *, at: datetime) -> list[float]:
    """This will tell how often each metric counts as asked about in the running period.

    A metric that has joined since is taken to have been asked like the usual one before.
    """
    load, wanted = asked_of_late(program, at=at), focus_of(program)
    known = waits_of(program, at=at)
    old = [load[key] for key in measures if known[key] >= PERIOD.days]
    usual = sum(old) / len(old) if old else 0.0
    before = {key: usual * max(0.0, 1 - known[key] / PERIOD.days) for key in measures}
    return [(ASKED_BEFORE + load[key] + before[key]) / wanted[key] for key in measures]


def focus_of(program: Program) -> Mapping[str, float]:
    """This will tell how much more often than others a metric is to be asked about: 1 as a rule."""
    found: defaultdict[str, float] = defaultdict(lambda: 1.0)
    return found | {one.measure: FOCUS for one in open_objectives(program)}


def waits_of(program: Program, *, at: datetime) -> Mapping[str, int]:
    """This will tell for how many days each metric has been asked about; the bank's for ever."""
    found: defaultdict[str, int] = defaultdict(lambda: LONG_AGO)
    for key, since in Metric.objects.of(program).values_list("key", "since"):
        if since is not None:
            found[key] = max(0, (at.date() - since.date()).days)
    return found
