"""Pure numbers: estimates from few answers. NumPy and the standard library, nothing else."""

from partnerloop.engine.interface import (
    Belief,
    Estimate,
    Estimates,
    Hyperparameters,
    Innovation,
    Layout,
    Model,
    Observation,
    PoolObservation,
    Record,
    State,
)
from partnerloop.engine.model import FilterModel

__all__ = [
    "Belief",
    "Estimate",
    "Estimates",
    "FilterModel",
    "Hyperparameters",
    "Innovation",
    "Layout",
    "Model",
    "Observation",
    "PoolObservation",
    "Record",
    "State",
]
