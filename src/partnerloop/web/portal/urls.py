"""A partner's own pages, by signed link."""

from django.urls import path

from partnerloop.web.portal.pages import portal
from partnerloop.web.portal.renewing import fresh
from partnerloop.web.portal.speaking import language
from partnerloop.web.portal.telling import now

urlpatterns = [
    path("<str:token>/", portal, name="portal"),
    path("<str:token>/now/", now, name="portal-now"),
    path("<str:token>/language/", language, name="portal-language"),
    path("<str:token>/fresh/", fresh, name="portal-fresh"),
]
