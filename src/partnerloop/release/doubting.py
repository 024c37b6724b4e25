"""How far a partner's composite may be off if those who stay silent think otherwise.

Said from what is released already: the figure, and the program's response rate in words. Nobody's
own record of answering is read, so the sentence cannot tell whether a colleague answered.
"""

from dataclasses import dataclass
from datetime import datetime

from partnerloop.accounts.models import Membership
from partnerloop.engine.nonresponse import doubt
from partnerloop.partners.models import Partner
from partnerloop.partners.segmenting import places
from partnerloop.programs.models import Program
from partnerloop.pulses.models import COMPOSITE
from partnerloop.release.cells import partner_cells
from partnerloop.release.gate import Basis, Figure, Scope
from partnerloop.release.known import known_now, visible
from partnerloop.release.rates import response_rate
from partnerloop.release.veiling import veiled
from partnerloop.scores.modelling import current

# What the words for a response rate stand for in arithmetic.
SHARES = {"none": 0.02, "some": 0.2, "about half": 0.5, "most": 0.8}


@dataclass(frozen=True, slots=True)
class Doubt:
    """The composite if silent people think worse, or better, than those who answer; points."""

    if_worse: float
    if_better: float


def if_the_silent_differ(
    program: Program, *, partner: Partner, by: Membership, at: datetime
) -> Doubt | None:
    """Return how far a partner's own composite may be off, or nothing where none is shown."""
    chosen = visible(program, by, Scope.partner(partner), at=at)
    known = known_now(program, chosen or [], at=at)
    if not known or COMPOSITE in veiled(by).get(partner.pk, ()):
        return None
    cell = partner_cells(known[0], [COMPOSITE])[COMPOSITE]
    if not isinstance(cell, Figure) or cell.basis is Basis.LIKE:
        return None
    rate = response_rate(program, by=by, scope=Scope.program(), at=at)
    if rate not in SHARES:
        return None
    fitted = current(program)
    off = doubt(
        fitted.model.layout,
        fitted.model.hyper,
        segment=fitted.segment(places(program, on=at.date(), partners=[partner.pk])[partner.pk]),
        sd=known[0].weighed.estimates[COMPOSITE][1],
        answer_rate=SHARES[rate],
    )
    return Doubt(if_worse=max(0.0, cell.mean - off), if_better=min(10.0, cell.mean + off))
