"""What live pages ask for, below /p/<slug>/live/."""

from django.urls import path

from partnerloop.web.live import watching

urlpatterns = [
    path("ticket/", watching.ticket, name="live-ticket"),
    path("state/", watching.state, name="live-state"),
]
