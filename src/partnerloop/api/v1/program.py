"""The program of the key, with its released figures."""

from django.http import HttpRequest
from ninja import Router

from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.v1.shapes import MetricShape, ProgramShape, cell_shapes
from partnerloop.core import clock
from partnerloop.integrations.models import KeyScope
from partnerloop.programs.models import Program
from partnerloop.pulses.measuring import own_meanings
from partnerloop.pulses.models import Metric
from partnerloop.release.figures import figures
from partnerloop.release.gate import Scope
from partnerloop.scores.carrying import is_behind

router = Router(tags=["program"])


@router.get("/program", response=ProgramShape, auth=Bearer(KeyScope.PROGRAM))
def show_program(request: HttpRequest) -> ProgramShape:
    """Return the program that the key belongs to, and its figures."""
    program, member = caller_of(request)
    cells = figures(program, by=member, scope=Scope.program(), at=clock.now())
    return ProgramShape(
        slug=program.slug,
        name=program.name,
        vendor_name=program.vendor_name,
        time_zone=program.time_zone,
        currency=program.currency,
        language=program.language,
        metrics=_metrics(program),
        figures_are_earlier=is_behind(program),
        scores=cell_shapes(cells),
    )


def _metrics(program: Program) -> list[MetricShape]:
    rows = list(Metric.objects.of(program).in_use())
    counted = [one for one in rows if one.kind != Metric.Kind.COMPOSITE]
    total = float(sum(one.weight for one in counted)) or 1.0
    own = own_meanings(program)
    return [
        MetricShape(
            key=one.key,
            name=own[one.key].name if one.key in own else one.name,
            definition=own[one.key].definition if one.key in own else one.definition,
            own=one.key in own,
            low=own[one.key].low if one.key in own else "",
            high=own[one.key].high if one.key in own else "",
            weight=float(one.weight) / total if one in counted else 1.0,
        )
        for one in rows
    ]
