"""Addresses of the widget, below /widget/<slug>/."""

from django.urls import path

from partnerloop.web.widget import frame, loading

app_name = "widget"
urlpatterns = [
    path("loader.js", loading.loader, name="loader"),
    path("frame", frame.frame, name="frame"),
]
