"""What every answer below /api/ has in common, whoever wrote it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from partnerloop.api.callers import allowance_of
from partnerloop.api.problems import KIND, Problem, refused

Answer = Callable[[HttpRequest], HttpResponse]
SENTENCES = {
    400: "The request can't be read.",
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    500: "The request failed here. It is in the log of the installation.",
}


def answer_machines(get_response: Answer) -> Answer:
    """Keep answers out of caches, tell what is left of the rate, and never send a page of HTML."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path_info.startswith("/api/"):
            return response
        if response.status_code >= 400 and response.headers.get("Content-Type") != KIND:
            response = _plainly(response)
        response.headers["Cache-Control"] = "private, no-store"
        allowance = allowance_of(request)
        if allowance is not None:
            response.headers["RateLimit-Policy"] = f'"key";q={allowance.limit};w=60'
            left = f'"key";r={allowance.remaining};t={allowance.resets_in}'
            response.headers["RateLimit"] = left
        return response

    return answer


def _plainly(response: HttpResponse) -> HttpResponse:
    status = response.status_code
    told = refused(Problem(status, SENTENCES.get(status, "The request was refused.")))
    if "Allow" in response.headers:
        told.headers["Allow"] = response.headers["Allow"]
    return told
