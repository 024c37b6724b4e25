"""Poking the running product: change what nobody may see, and look whether any figure moves.

All of it happens in a transaction that is taken back.
"""

from datetime import datetime

from django.db import transaction
from numpy.random import Generator

from partnerloop.evidence.models import PendingAnswer
from partnerloop.partners.models import Partner
from partnerloop.programs.models import Program
from partnerloop.release.cells import partner_cells, pooled_cells
from partnerloop.release.gate import Cell
from partnerloop.release.known import companies, known_now, measures_of
from partnerloop.scores import modelling
from partnerloop.scores.refresh import refit_means


def moved_figures(program: Program, *, at: datetime, rng: Generator) -> int:
    """Return how many figures of partners and of the program follow answers that only wait."""
    with transaction.atomic():
        before = _figures(program, at=at)
        waiting = PendingAnswer.objects.of(program)
        rows = list(waiting)
        for row in rows:
            row.value = int(rng.integers(11))
        waiting.bulk_update(rows, ["value"], batch_size=200)
        after = _figures(program, at=at)
        transaction.set_rollback(True)
    modelling.forget()
    return sum(before[key] != after[key] for key in before)


def _figures(program: Program, *, at: datetime) -> dict[tuple[int, str], Cell]:
    refit_means(program, at=at)
    measures = measures_of(program)
    everybody = list(Partner.objects.of(program).active(at.date()).values_list("pk", flat=True))
    known = known_now(program, everybody, at=at)
    found = {
        (one.partner_id, measure): cell
        for one in known
        for measure, cell in partner_cells(one, measures).items()
    }
    whole = pooled_cells(program, known, measures, companies=companies(program))
    return found | {(0, measure): cell for measure, cell in whole.items()}
