"""Addresses of the citizen agenda."""

from django.urls import path

from participation.agenda.views import browse, event

app_name = "agenda"

urlpatterns = [
    path("", browse.home, name="home"),
    path("rencontres/<slug:slug>/", event.event, name="event"),
]
