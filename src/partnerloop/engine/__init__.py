"""Pure numbers: estimates from few answers. NumPy and the standard library, nothing else."""

from partnerloop.engine.interface import (
    Belief,
    Change,
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
    "Change",
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
