"""Addresses of participatory maps."""

from django.urls import path

from participation.mapping.views import alerts, browse

app_name = "mapping"

urlpatterns = [
    path("alertes/confirmer/<str:token>/", alerts.confirm, name="alert_confirm"),
    path("alertes/arreter/<str:token>/", alerts.stop, name="alert_stop"),
    path("<slug:slug>/", browse.home, name="home"),
    path("<slug:slug>/contribuer/", browse.home, name="new"),
    path("<slug:slug>/<int:pk>/", browse.contribution, name="contribution"),
    path("<slug:slug>/lien/<str:token>/", browse.home, name="guest"),
]
