"""Signing in and out, and choosing a program."""

from django.urls import path

from partnerloop.web.accounts import joining, programs, signing_in

urlpatterns = [
    path("", programs.choose, name="programs"),
    path("sign-in/", signing_in.ask, name="sign-in"),
    path("sign-out/", signing_in.leave, name="sign-out"),
    # Without a final slash: it ends a line in a mail and on a terminal.
    path("s/<str:token>", signing_in.enter, name="sign-in-link"),
    path("join/<str:token>", joining.join, name="join"),
    path("theme/", programs.set_theme, name="theme"),
]
