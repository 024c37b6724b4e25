"""How a partner's metrics and its people's leniency move between answers."""

import math
from dataclasses import dataclass

import numpy as np

from partnerloop.engine.atoms import Atoms
from partnerloop.engine.hyperparameters import Hyperparameters
from partnerloop.engine.jumps import JumpPrior
from partnerloop.engine.layout import Floats, Layout


@dataclass(frozen=True, slots=True, eq=False)
class Dynamics:
    """The hyperparameters as the arrays the filter works with."""

    mu: Floats
    prior: Floats
    diffusion: Floats
    weights: Floats
    offsets: Floats
    noise: Floats
    leniency: float
    tau: float
    leniency_tau: float
    steadiness: float
    jump: JumpPrior
    atoms: Atoms

    @classmethod
    def of(cls, layout: Layout, hyper: Hyperparameters, *, segment: int) -> "Dynamics":
        """This will lay out the numbers for the partners of one segment."""
        metrics = len(layout.metrics)
        own = np.eye(metrics)
        shared = np.ones((metrics, metrics))
        spread = hyper.general_sd**2 * shared + hyper.specific_sd**2 * own
        unsure = np.diag(hyper.segment_mean_sd[segment] ** 2)
        noise = np.full(layout.items, hyper.noise_sd**2)
        noise[metrics:] = hyper.overall_noise_sd**2
        offsets = np.vstack((hyper.role_offsets, np.zeros(layout.items)))
        offsets[:, metrics:] += hyper.overall_offsets
        jump = JumpPrior(hyper.jump_rate, hyper.jump_mean, hyper.jump_sd, hyper.tau)
        weights = np.array(layout.weights)
        settled = hyper.inflation * spread + jump.settled * shared
        shown = np.full(layout.items, weights @ settled @ weights)
        shown[:metrics] = np.diag(settled)
        return cls(
            mu=hyper.segment_means[segment],
            prior=hyper.inflation * spread + unsure + jump.settled * shared,
            diffusion=hyper.inflation * spread + unsure,
            weights=weights,
            offsets=offsets,
            noise=noise,
            leniency=hyper.leniency_sd**2,
            tau=hyper.tau,
            leniency_tau=hyper.leniency_tau,
            steadiness=hyper.steadiness,
            jump=jump,
            atoms=Atoms.of(tau=hyper.tau, settled=shown),
        )

    def keep(self, size: int, *, days: float) -> Floats:
        """This will tell what share of each deviation is left after some days."""
        keep = np.full(size, math.exp(-days / self.leniency_tau))
        keep[: len(self.mu)] = math.exp(-days / self.tau)
        return keep


def drift(dynamics: Dynamics, mean: Floats, cov: Floats, *, days: float) -> Floats | None:
    """This will move a belief ahead in time, in place: towards the segment, and wider.

    Tells what share of each deviation is left, or nothing if no time has passed.
    """
    if not 0 < days < math.inf:
        return None
    metrics, size = len(dynamics.mu), len(mean)
    keep = dynamics.keep(size, days=days)
    mean[:metrics] -= dynamics.mu
    mean *= keep
    mean[:metrics] += dynamics.mu
    cov *= keep
    cov *= keep[:, None]
    cov[:metrics, :metrics] += (1.0 - keep[0] * keep[0]) * dynamics.diffusion
    if size > metrics:
        places = np.arange(metrics, size)
        cov[places, places] += (1.0 - keep[-1] * keep[-1]) * dynamics.leniency
    return keep
