"""The upper tail of the standard normal, for arrays: NumPy has no error function of its own."""

import math

import numpy as np

from partnerloop.engine.interface import Floats

HALF_LOG_2PI = 0.9189385332046727
_LOW, _HIGH, _PER_UNIT = -9.0, 26.0, 256


def hazard_of(z: float) -> float:
    """This will give the standard normal density over its upper tail.

    >>> round(hazard_of(0.0), 6), round(hazard_of(5.0), 6)
    (0.797885, 5.186504)
    """
    if z > _HIGH:
        return z + 1 / z
    return math.exp(-0.5 * z * z) * math.sqrt(2 / math.pi) / math.erfc(z / math.sqrt(2))


def log_tail_of(z: float) -> float:
    """This will give the logarithm of the upper tail's probability at one point.

    >>> round(log_tail_of(0.0), 6)
    -0.693147
    """
    if z > _HIGH:
        return -0.5 * z * z - math.log(z) - HALF_LOG_2PI
    return math.log(0.5 * math.erfc(z / math.sqrt(2)))


def normal_hazard(z: Floats) -> Floats:
    """This will give the hazard of many points, by cubic interpolation, right to 1e-11.

    >>> float(abs(normal_hazard(np.array([0.3])) - hazard_of(0.3)).max()) < 1e-11
    True
    """
    middle = _interpolate(z, _HAZARD, _HAZARD * (_HAZARD - _GRID))
    return np.where(z > _HIGH, z + 1 / np.maximum(z, 1.0), np.where(z < _LOW, 0.0, middle))


def log_tail(z: Floats) -> Floats:
    """This will give the logarithm of the upper tail's probability.

    >>> round(float(log_tail(np.array([0.0]))[0]), 6)
    -0.693147
    """
    middle = _interpolate(z, _LOG_TAIL, -_HAZARD)
    far = -0.5 * z * z - np.log(np.maximum(z, 1.0)) - HALF_LOG_2PI
    return np.where(z > _HIGH, far, np.where(z < _LOW, 0.0, middle))


_GRID = np.linspace(_LOW, _HIGH, int((_HIGH - _LOW) * _PER_UNIT) + 1)
_HAZARD = np.array([hazard_of(z) for z in _GRID.tolist()])
_LOG_TAIL = np.array([log_tail_of(z) for z in _GRID.tolist()])


def _interpolate(z: Floats, level: Floats, slope: Floats) -> Floats:
    """Cubic Hermite interpolation on the grid."""
    place = np.clip((z - _LOW) * _PER_UNIT, 0, len(level) - 1.000001)
    left = place.astype(np.int64)
    t = place - left
    rise = level[left + 1] - level[left]
    s0, s1 = slope[left] / _PER_UNIT, slope[left + 1] / _PER_UNIT
    return np.asarray(
        level[left] + t * (s0 + t * (3 * rise - 2 * s0 - s1 + t * (s0 + s1 - 2 * rise)))
    )
