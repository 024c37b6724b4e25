"""The API as a whole: its routes, its description, and how it says no."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from partnerloop.api.describing import DescribedAPI
from partnerloop.api.problems import Problem, refused
from partnerloop.api.v1 import (
    alerts,
    answers,
    asked,
    contacts,
    events,
    feedback,
    imports,
    partners,
    program,
)

log = logging.getLogger(__name__)

# No page of documentation: its scripts would come from elsewhere. The description is enough.
v1 = DescribedAPI(
    title="Partnerloop",
    version="1",
    description="See docs/reference/api.md. Errors are application/problem+json (RFC 9457).",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api-v1",
)
for each in (program, partners, contacts, feedback, alerts, imports, events, asked, answers):
    v1.add_router("", each.router)


@v1.exception_handler(Problem)
def tell_problem(_request: HttpRequest, problem: Problem) -> HttpResponse:
    """Tell what was refused."""
    return refused(problem)


@v1.exception_handler(ValidationError)
def tell_misfit(_request: HttpRequest, misfit: ValidationError) -> HttpResponse:
    """Tell which fields do not fit, without repeating what was sent."""
    errors = [
        {"field": ".".join(str(part) for part in error["loc"][1:]), "detail": error["msg"]}
        for error in misfit.errors
    ]
    return refused(Problem(422, "Some fields do not fit."), errors=errors)


@v1.exception_handler(HttpError)
def tell_refusal(_request: HttpRequest, refusal: HttpError) -> HttpResponse:
    """Tell what could not be read, e.g. JSON with a comma too many."""
    return refused(Problem(refusal.status_code, str(refusal)))


@v1.exception_handler(Http404)
def tell_missing(_request: HttpRequest, _missing: Http404) -> HttpResponse:
    """Tell that there is nothing, and nothing more."""
    return refused(Problem(404, "There is nothing at this address."))


@v1.exception_handler(Exception)
def tell_failure(request: HttpRequest, _failure: Any) -> HttpResponse:
    """Log what went wrong; the sender hears only that it did."""
    log.exception("a request to %s failed", request.resolver_match and request.resolver_match.route)
    return refused(Problem(500, "The request failed here. It is in the log of the installation."))
