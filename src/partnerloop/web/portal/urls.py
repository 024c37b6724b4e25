"""A partner's own pages, by signed link."""

from django.urls import path

from partnerloop.web.portal import pages

urlpatterns = [path("<str:token>/", pages.portal, name="portal")]
