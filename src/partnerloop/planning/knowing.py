"""How sure the model is about each candidate's partner: what an answer of theirs could still add.

Covariances only. They come from the stored states, functions of ledger and named answers; neither a
mean nor a value is read, and no answer that waits has any part in them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from partnerloop.core.clock import start_of
from partnerloop.engine.interface import Belief, State
from partnerloop.engine.questions import Known
from partnerloop.evidence.models import NamedAnswer
from partnerloop.partners.segmenting import Place
from partnerloop.planning.budget import Askable
from partnerloop.programs.models import Program
from partnerloop.scores.modelling import Fitted, current, moment, of_version
from partnerloop.scores.models import PartnerScore

HEARD = timedelta(days=730)  # who spoke longer ago is as good as new to the model
NOBODY = ""  # stands for a contact the model has not heard by name


@dataclass(frozen=True, eq=False)
class Knowledge:
    """The model in force, and what it knows of each candidate, in their order."""

    fitted: Fitted
    known: Known


def knowledge_of(
    program: Program, people: Sequence[Askable], *, where: dict[int, Place], at: datetime
) -> Knowledge:
    """This will cut out of each partner's belief what concerns its candidates.

    As of the end of the day, so that a preview and the launch that follows it see the same.
    """
    fitted = current(program)
    day = moment(start_of(at.date() + timedelta(days=1)))
    raters = _raters(program, at=at)
    leniency = fitted.model.hyper.leniency_sd
    places: dict[int, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        places[person.partner_id].append(place)
    states = _states(program, partners=set(places))
    size = len(fitted.measures) + 1
    cov = np.zeros((len(people), size, size))
    for partner, members in places.items():
        belief = _belief(program, states.get(partner), fitted, where[partner], day=day)
        names = [raters.get((partner, people[k].contact_id), NOBODY) for k in members]
        cov[members] = Known.of(belief, raters=names, leniency_sd=leniency).cov
    return Knowledge(fitted=fitted, known=Known(cov))


def _states(program: Program, *, partners: set[int]) -> dict[int, tuple[int, bytes]]:
    rows = PartnerScore.objects.of(program).values_list("partner_id", "fit_version", "state")
    return {pk: (version, bytes(state)) for pk, version, state in rows if pk in partners}


def _belief(
    program: Program, stored: tuple[int, bytes] | None, fitted: Fitted, place: Place, *, day: float
) -> Belief:
    """Return the belief of a stored state, or of partners like this one where there is none."""
    if stored is not None:
        version, packed = stored
        state = State.from_bytes(packed)
        made = of_version(program.pk, version)
        if made.measures == fitted.measures:
            return made.model.belief(state, at=max(day, state.at))
    return fitted.model.belief(fitted.model.start(fitted.segment(place)), at=day)


def _raters(program: Program, *, at: datetime) -> dict[tuple[int, int | None], str]:
    """Return under which name the model knows those who answered by name."""
    rows = NamedAnswer.objects.of(program).filter(at__gt=at - HEARD)
    found = rows.order_by().values_list("partner_id", "contact_id", "rater").distinct()
    return {(partner, contact): rater.hex[:12] for partner, contact, rater in found}
