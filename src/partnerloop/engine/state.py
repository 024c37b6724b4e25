"""What the model keeps of one partner, and its bytes."""

import functools
import math
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from partnerloop.engine.layout import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Everything the model keeps of one partner: a few hundred bytes, replaced at each answer.

    ``mean`` and ``cov`` are the belief on ``at``, the day of the last observation; ``cusum`` the
    two running sums of surprises; ``answers`` and ``last_day`` are per metric (NaN: none yet),
    ``heard`` per rater.
    """

    at: float
    segment: int
    mean: Floats
    cov: Floats
    answers: Ints
    last_day: Floats
    raters: tuple[str, ...] = ()
    heard: tuple[float, ...] = ()
    erratic: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    ways: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    jumps: Floats = field(default_factory=lambda: np.zeros((0, 4)))
    spawned: float = math.nan
    overall_answers: int = 0
    overall_last_day: float = math.nan

    def to_bytes(self) -> bytes:
        """This will pack the state without loss: under 2 KB with seven metrics and six raters."""
        size, pending = len(self.mean), len(self.jumps)
        head = [len(self.answers), size, pending, self.segment, self.overall_answers]
        numbers = np.concatenate(
            (
                [self.at, self.spawned, self.overall_last_day],
                self.last_day,
                self.heard,
                self.erratic.ravel(),
                self.mean,
                self.ways.ravel(),
                self.jumps.ravel(),
                self.cov[_LOWER(size)],
            )
        )
        names = "\x1f".join(self.raters).encode()
        counts = np.array(head + self.answers.tolist(), "<u4")
        return _VERSION + counts.tobytes() + numbers.astype("<f8").tobytes() + names

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """This will read what ``to_bytes`` wrote; another version means: rescore the partner."""
        if packed[:2] != _VERSION:
            raise ValueError(f"a state of another version: {packed[:2]!r}")
        metrics, size, pending, segment, overall = np.frombuffer(packed, "<u4", 5, 2).tolist()
        answers = np.frombuffer(packed, "<u4", metrics, 22).astype(np.int64)
        raters, lower = size - metrics, size * (size + 1) // 2
        parts = [3, metrics, raters, 2 * raters, size, pending * size, pending * 4, lower]
        start, count = 22 + 4 * metrics, sum(parts)
        numbers = np.frombuffer(packed, "<f8", count, start).astype(np.float64)
        names = packed[start + 8 * count :].decode()
        ends = np.cumsum(parts).tolist()
        single, last_day, heard, erratic, mean, ways, jumps, cells = (
            numbers[end - part : end] for end, part in zip(ends, parts, strict=True)
        )
        cov = np.empty((size, size))
        rows, columns = _LOWER(size)
        cov[rows, columns] = cells
        cov[columns, rows] = cells
        at, spawned, overall_last_day = single.tolist()
        return cls(
            at=at,
            segment=segment,
            mean=mean,
            cov=cov,
            answers=answers,
            last_day=last_day,
            raters=tuple(names.split("\x1f")) if raters else (),
            heard=tuple(heard.tolist()),
            erratic=erratic.reshape(raters, 2),
            ways=ways.reshape(pending, size),
            jumps=jumps.reshape(pending, 4),
            spawned=spawned,
            overall_answers=overall,
            overall_last_day=overall_last_day,
        )


_LOWER = functools.cache(np.tril_indices)
_VERSION = b"P5"
