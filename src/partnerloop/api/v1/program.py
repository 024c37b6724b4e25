"""The program of the key, with its released figures."""

from django.http import HttpRequest
from ninja import Router

from partnerloop.api.callers import Bearer, caller_of
from partnerloop.api.v1.shapes import ProgramShape, cell_shapes
from partnerloop.core import clock
from partnerloop.integrations.models import KeyScope
from partnerloop.release.figures import figures
from partnerloop.release.gate import Scope

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
        scores=cell_shapes(cells),
    )
