"""Errors as RFC 9457 says: `application/problem+json`, a sentence, and nothing of the inside."""

import json
from typing import Any

from django.http import HttpResponse

TITLES = {
    400: "The request can't be read",
    401: "A key is needed",
    403: "Not allowed",
    404: "Not found",
    405: "Wrong method",
    409: "Not possible now",
    422: "The request does not fit",
    429: "Too many requests",
    500: "Something went wrong here",
}
KIND = "application/problem+json"


class Problem(Exception):
    """A request that is refused, with the status and a sentence for its sender."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def refused(problem: Problem, **more: Any) -> HttpResponse:
    """Return the answer that tells a problem."""
    told = {
        "type": "about:blank",
        "title": TITLES.get(problem.status, "The request was refused"),
        "status": problem.status,
        "detail": problem.detail,
        **more,
    }
    response = HttpResponse(json.dumps(told), status=problem.status, content_type=KIND)
    for name, value in problem.headers.items():
        response[name] = value
    return response
