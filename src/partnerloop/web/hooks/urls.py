"""Addresses at which mail providers report."""

from django.urls import path

from partnerloop.web.hooks import mails

urlpatterns = [path("<slug:provider>/<slug:kind>/", mails.report, name="mail-report")]
