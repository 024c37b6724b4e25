"""All addresses: health checks here, pages in `partnerloop.web.urls`, the API in its room."""

from django.urls import include, path

from partnerloop.config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/", include("partnerloop.api.urls")),
    path("", include("partnerloop.web.urls")),
]
