"""All addresses: health checks here, everything people see in `partnerloop.web.urls`."""

from django.urls import include, path

from partnerloop.config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("partnerloop.web.urls")),
]
