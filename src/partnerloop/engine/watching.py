"""Alarms at a stated rate of false ones: a daily list, a strict pager, recovered, gone silent."""

from dataclasses import dataclass
from enum import StrEnum
from math import exp

import numpy as np
from numpy.typing import NDArray

from partnerloop.engine.interface import Floats
from partnerloop.engine.signs import Signs

# After an alarm a partner is left in peace for so many days, and until the sign has calmed.
PEACE = 60.0
# An alarm counts as false if the true level is less than this below its peak of PEAK_DAYS
# (recovered: above its lowest).
FALL, PEAK_DAYS = 0.75, 120
# A partner can recover from an alarm that is at most so old.
RECOVERY = 365.0


class Detector(StrEnum):
    """What raised an alarm."""

    DROP = "drop"
    PAGER = "pager"
    RECOVERED = "recovered"
    SILENT = "silent"
    TODAY = "today"


# False alarms per partner-year -> threshold, from `bin/bench calibrate`: base world of
# the simulator, five seeds. Between them: straight lines in the logarithm of the rate.
THRESHOLDS: dict[Detector, dict[float, float]] = {
    Detector.DROP: {0.01: -1.24, 0.02: -1.51, 0.05: -1.88, 0.1: -2.23, 0.2: -2.56, 0.5: -3.07},
    Detector.RECOVERED: {0.01: -1.54, 0.02: -1.81, 0.05: -2.11, 0.1: -2.33, 0.2: -2.64, 0.5: -3.08},
    # All alarms count here, also those over a slow fall, in a program in which nothing breaks.
    Detector.TODAY: {
        0.001: 1.5,
        0.002: 1.35,
        0.005: 1.0,
        0.01: 0.6,
        0.02: 0.05,
        0.05: -0.55,
        0.1: -1.1,
        0.2: -1.6,
        0.5: -2.25,
    },
    Detector.SILENT: {0.01: 7.0, 0.02: 6.28, 0.05: 5.29, 0.1: 4.56, 0.2: 3.9, 0.5: 3.0},
}
DAILY_LIST = 0.05
STRICT = 0.01


@dataclass(frozen=True)
class Alarm:
    """A change beyond chance: what raised it on which day, since when, how large, how likely.

    size : points, the drop as far as the answers tell (NaN for silence)
    probability : that there was such a change within 90 days, if steps are as rare as assumed
    (NaN where the detector does not know)
    """

    detector: Detector
    day: float
    since: float
    size: float
    probability: float


def threshold_for(detector: Detector, *, rate: float) -> float:
    """This will give the threshold that lets `rate` false alarms through per partner-year.

    >>> threshold_for(Detector.DROP, rate=0.02) > threshold_for(Detector.DROP, rate=0.1)
    True
    """
    by = Detector.DROP if detector is Detector.PAGER else detector
    table = sorted(THRESHOLDS[by].items())
    lowest, highest = table[0][0], table[-1][0]
    if not lowest <= rate <= highest:
        raise ValueError(f"false alarms were calibrated from {lowest} to {highest} a year: {rate}")
    rates, thresholds = zip(*table, strict=True)
    return float(np.interp(np.log(rate), np.log(rates), thresholds))


def rate_for_manager(false_alarms: float, *, months: float, partners: int) -> float:
    """This will turn a manager's patience into a rate per partner-year.

    >>> rate_for_manager(1, months=3, partners=40)
    0.1
    """
    if min(false_alarms, months, partners) <= 0:
        raise ValueError(
            f"a rate needs alarms, months and partners: {false_alarms}, {months}, {partners}"
        )
    return false_alarms * 12.0 / (months * partners)


def watch_answers(
    signs: Signs, *, list_rate: float = DAILY_LIST, pager_rate: float = STRICT
) -> tuple[Alarm, ...]:
    """This will tell all alarms of one partner, in order of days, each as of its own day.

    The daily list and the strict pager go by the odds of a drop, recovered by the odds of a rise
    after an alarm not yet a year old.
    """
    drops = _sounding(signs.day, signs.drop, threshold_for(Detector.DROP, rate=list_rate))
    pages = _sounding(signs.day, signs.drop, threshold_for(Detector.PAGER, rate=pager_rate))
    rises = _sounding(signs.day, signs.rise, threshold_for(Detector.RECOVERED, rate=list_rate))
    fallen = np.sort(np.concatenate((signs.day[drops], signs.day[pages])))
    alarms = [
        *(_alarm(Detector.DROP, signs, k) for k in drops),
        *(_alarm(Detector.PAGER, signs, k) for k in pages),
        *(_recovery(signs, k) for k in rises if _fell_before(fallen, float(signs.day[k]))),
    ]
    return tuple(sorted(alarms, key=lambda alarm: alarm.day))


def watch_today(signs: Signs, *, rate: float) -> tuple[Alarm, ...]:
    """This will tell the drops and recoveries of one partner that are worth a place on Today.

    `rate` is per partner-year and counts every alarm where nothing breaks, also one over a true
    but slow fall: that is what a quiet week is free of.
    """
    threshold = threshold_for(Detector.TODAY, rate=rate)
    drops = _sounding(signs.day, signs.drop, threshold)
    rises = _sounding(signs.day, signs.rise, threshold)
    fallen = signs.day[drops]
    alarms = [
        *(_alarm(Detector.DROP, signs, k) for k in drops),
        *(_recovery(signs, k) for k in rises if _fell_before(fallen, float(signs.day[k]))),
    ]
    return tuple(sorted(alarms, key=lambda alarm: alarm.day))


def watch_silence(days: Floats, *, signs: Floats, rate: float = DAILY_LIST) -> tuple[Alarm, ...]:
    """This will tell when a partner had gone silent; `days` are when each ask was given up."""
    threshold = threshold_for(Detector.SILENT, rate=rate)
    found = []
    for k in _sounding(days, signs, threshold):
        quiet = np.flatnonzero(signs[:k] == 0.0)
        since = float(days[quiet[-1]]) if quiet.size else float(days[0])
        found.append(Alarm(Detector.SILENT, float(days[k]), since, np.nan, np.nan))
    return tuple(found)


def _sounding(days: Floats, signs: Floats, threshold: float) -> list[int]:
    """Where an alarm goes off: on crossing the threshold, and not within PEACE days of the last."""
    above = signs > threshold
    crossing = above & ~np.concatenate(([False], above[:-1]))
    found: list[int] = []
    for k in np.flatnonzero(crossing).tolist():
        if not found or days[k] - days[found[-1]] >= PEACE:
            found.append(k)
    return found


def _alarm(detector: Detector, signs: Signs, k: int) -> Alarm:
    return Alarm(
        detector=detector,
        day=float(signs.day[k]),
        since=float(signs.since[k]),
        size=float(signs.size[k]),
        probability=_chance(float(signs.drop[k])),
    )


def _recovery(signs: Signs, k: int) -> Alarm:
    day = float(signs.day[k])
    return Alarm(Detector.RECOVERED, day, day, np.nan, _chance(float(signs.rise[k])))


def _fell_before(fallen: NDArray[np.float64], day: float) -> bool:
    return bool(((fallen < day) & (fallen >= day - RECOVERY)).any())


def _chance(odds: float) -> float:
    return 1.0 / (1.0 + exp(-odds)) if odds > -700 else 0.0
