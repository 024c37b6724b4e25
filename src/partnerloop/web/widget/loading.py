"""The loader: one small script that a portal puts where the widget is to stand."""

from functools import cache
from importlib import resources

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from partnerloop.programs.models import Program

MINUTES_KEPT = 5


@require_safe
def loader(_request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the loader. Its address never changes, so it is kept for minutes only."""
    get_object_or_404(Program, slug=slug)
    response = HttpResponse(script(), content_type="text/javascript; charset=utf-8")
    patch_cache_control(response, public=True, max_age=MINUTES_KEPT * 60)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def script() -> str:
    """Return the text of the loader."""
    folder = resources.files("partnerloop.web").joinpath("static", "partnerloop")
    return folder.joinpath("widget-loader.js").read_text(encoding="utf-8")
