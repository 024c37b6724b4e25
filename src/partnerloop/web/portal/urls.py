"""A partner's own pages, by signed link."""

from django.urls import path

from partnerloop.web.portal.pages import portal

urlpatterns = [path("<str:token>/", portal, name="portal")]
