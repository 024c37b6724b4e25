"""The worlds the engine is judged in: one base world, and what makes each other one harder."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Scenario:
    """How a simulated program behaves. Points 0-10, days, rates per year.

    ``mean`` level of an average partner; ``general_sd`` and ``specific_sd`` slow drift shared by
    all metrics and of one metric, with ``general_tau`` and ``specific_tau``; ``jumps`` sudden
    changes per partner-year; ``leniency_sd`` of a person over all metrics, ``taste_sd`` of a person
    for one metric; ``response`` the chance that an average contact answers an ask, spread over
    people by ``response_sd`` (logit); ``gamma`` how much more a contact answers (logit) per two
    points of a better view. ``large`` companies have eight contacts on average, three in five of
    them at most six.
    """

    name: str = "base"
    mean: float = 7.0
    general_sd: float = 1.12
    general_tau: float = 550.0
    specific_sd: float = 0.7
    specific_tau: float = 420.0
    jumps: float = 0.35
    leniency_sd: float = 0.8
    leniency_walk: float = 0.0
    taste_sd: float = 0.35
    role_sd: float = 0.3
    noise_sd: float = 1.0
    tails: float = 0.0
    response: float = 0.31
    response_sd: float = 0.8
    fatigue: float = 0.08
    gamma: float = 0.0
    junk: float = 0.0
    colluding: float = 0.0
    season: float = 0.0
    role_shift: float = 0.0
    cannot_judge: float = 0.04
    large: bool = False


BASE = Scenario()

SCENARIOS = {
    one.name: one
    for one in (
        BASE,
        replace(BASE, name="silent_unhappy", gamma=0.8),
        replace(BASE, name="loud_unhappy", gamma=-0.8),
        replace(BASE, name="harsh_raters", leniency_sd=1.5),
        replace(BASE, name="junk", junk=0.10),
        replace(BASE, name="happy_ceiling", mean=8.3),
        replace(BASE, name="stormy", jumps=1.4),
        replace(BASE, name="sparse", response=0.13),
        replace(BASE, name="season_mood", season=0.5),
        replace(BASE, name="shifted_role", role_sd=0.7, role_shift=0.5),
    )
}

# The program of the acceptance scenarios: 300 partners, 2,400 contacts, 30 % answer.
ACCEPTANCE = replace(BASE, name="acceptance", response=0.30, large=True)

# Beyond the ten: what the model does not assume.
HARDER = {
    one.name: one
    for one in (
        replace(BASE, name="weak_correlation", general_sd=0.6, specific_sd=1.1),
        replace(BASE, name="heavy_tails", tails=3.0),
        replace(BASE, name="drifting_leniency", leniency_walk=0.9),
        replace(BASE, name="colluding", colluding=0.10),
        replace(BASE, name="no_breaks", jumps=0.0),
    )
}
