"""Disclosure arithmetic: how a batch of confidential answers becomes one blurred mean.

The blur is drawn once per batch from a keyed hash of the answers' ids, so that a restore or a
replay draws the same number: a second draw would average the blur away. It is not differential
privacy.
"""

import hashlib
import hmac
import math
from collections.abc import Sequence


def keyed_normal(key: bytes, names: Sequence[str]) -> float:
    """This will draw a standard normal number that is fixed by a key and a set of names.

    Parameters
    ----------
    key : bytes
        Secret of the installation.
    names : sequence of str
        Ids of the answers, in any order.

    Examples
    --------
    >>> keyed_normal(b"k", ["a", "b"]) == keyed_normal(b"k", ["b", "a"])
    True
    """
    digest = hmac.new(key, "\x1f".join(sorted(names)).encode(), hashlib.sha256).digest()
    first = (int.from_bytes(digest[:8], "big") + 0.5) / 2**64
    second = (int.from_bytes(digest[8:16], "big") + 0.5) / 2**64
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)


def blurred_mean(
    values: Sequence[float], *, names: Sequence[str], key: bytes, strength: float
) -> float:
    """This will blur the mean of one answer per person, clip it to 0-10 and round it to 0.1.

    Parameters
    ----------
    values : sequence of float, length n
        Points 0-10, one per person.
    names : sequence of str, length n
        Ids of the answers, which fix the draw.
    strength : float
        The blur's standard deviation on the mean is ``strength / n`` points.

    Examples
    --------
    >>> blurred_mean([7.0, 8.0, 9.0], names=["a", "b", "c"], key=b"k", strength=0.0)
    8.0
    """
    if not values or len(values) != len(names):
        raise ValueError(f"{len(values)} values for {len(names)} names")
    if min(values) < 0 or max(values) > 10:
        raise ValueError(f"a value lies outside 0-10: {min(values)}, {max(values)}")
    mean = math.fsum(values) / len(values)
    noise = keyed_normal(key, names) * blur_sd(len(values), strength=strength)
    return round(min(10.0, max(0.0, mean + noise)), 1)


def blur_sd(people: int, *, strength: float) -> float:
    """This will tell the blur's standard deviation on the mean of a batch, in points."""
    if people < 1:
        raise ValueError(f"a batch needs people, not {people}")
    return strength / people
