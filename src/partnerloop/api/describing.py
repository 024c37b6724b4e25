"""The OpenAPI description, with what all routes have in common: how they say no, what they need."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from partnerloop.api.problems import KIND

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
REFUSED: dict[str, Any] = {
    "description": "A problem, told in a sentence",
    "content": {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
REPEATS = "idempotency_key"  # what ninja makes of our argument


class DescribedAPI(NinjaAPI):
    """An API whose description says what ninja can't know of our routes."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the description with problems of every route, and headers that must be sent."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"] |= {"4XX": REFUSED, "5XX": REFUSED}
                for parameter in operation.get("parameters", ()):
                    if parameter["name"] == REPEATS:
                        _demand(parameter)
        return schema


def _demand(parameter: dict[str, Any]) -> None:
    """Name a header as it is sent, and say that it must be: without it a request is refused."""
    parameter["name"], parameter["required"] = "Idempotency-Key", True
    parameter["schema"] = {**parameter["schema"], "minLength": 1}
    parameter["schema"].pop("default", None)
