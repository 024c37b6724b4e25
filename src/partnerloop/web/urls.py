"""Addresses of the pages, by audience."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("partnerloop.web.accounts.urls")),
    path("", include("partnerloop.web.respond.urls")),
    path("p/<slug:slug>/", include("partnerloop.web.workspace.urls")),
    path("p/<slug:slug>/live/", include("partnerloop.web.live.urls")),
    path("hooks/mail/", include("partnerloop.web.hooks.urls")),
    path("widget/<slug:slug>/", include("partnerloop.web.widget.urls")),
    path("portal/", include("partnerloop.web.portal.urls")),
]
