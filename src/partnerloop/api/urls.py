"""Addresses of the API."""

from django.urls import URLPattern, URLResolver, path

from partnerloop.api.v1.interface import v1

urlpatterns: list[URLPattern | URLResolver] = [path("v1/", v1.urls)]
