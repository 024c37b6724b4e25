"""What the model takes from the whole program."""

import json
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from partnerloop.engine.layout import Floats, Layout


@dataclass(frozen=True, slots=True, eq=False)
class Hyperparameters:
    """What the model takes from the whole program; sensible before any data.

    Standard deviations in points, ``tau`` in days. ``segment_means`` (segments, metrics),
    ``segment_mean_sd`` the same shape; ``role_offsets`` (roles, items); ``overall_offsets`` one per
    overall item: how it lies above (+) or below (-) the composite on average. ``steadiness``: how
    many answers the belief is worth that every rater's noise is alike; ``jump_rate``: sudden
    changes per partner and year.
    """

    segment_means: Floats
    segment_mean_sd: Floats
    role_offsets: Floats
    overall_offsets: Floats
    general_sd: float = 0.95
    specific_sd: float = 0.6
    tau: float = 400.0
    leniency_sd: float = 0.8
    leniency_tau: float = 5000.0
    noise_sd: float = 1.25
    overall_noise_sd: float = 1.2
    inflation: float = 1.3
    steadiness: float = 120.0
    jump_rate: float = 0.2
    jump_mean: float = -1.0
    jump_sd: float = 1.5
    answers: int = 0
    fitted_at: float | None = None

    @classmethod
    def default(cls, layout: Layout, *, mean: float = 7.0) -> Self:
        """This will give the beliefs about a program that has not answered anything yet."""
        shape = (len(layout.segments), len(layout.metrics))
        return cls(
            segment_means=np.full(shape, mean),
            segment_mean_sd=np.full(shape, 0.6),
            role_offsets=np.zeros((len(layout.roles), layout.items)),
            overall_offsets=np.zeros(len(layout.overall)),
        )

    def to_json(self) -> str:
        """This will write the numbers so that ``from_json`` gives exactly the same ones."""
        row = {f.name: getattr(self, f.name) for f in fields(self)}
        return json.dumps(
            {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in row.items()}
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """This will read what ``to_json`` wrote, also with an older or newer version's numbers."""
        known = {f.name for f in fields(cls)}
        row: dict[str, Any] = {k: v for k, v in json.loads(text).items() if k in known}
        arrays: dict[str, Any] = {k: np.array(v) for k, v in row.items() if isinstance(v, list)}
        return cls(**{**row, **arrays})
