"""Addresses of participatory maps."""

from django.urls import path

from participation.mapping.views import (
    about,
    alerts,
    browse,
    contribution,
    embed,
    offline,
    tiles,
    watching,
)
from participation.mapping.views.writing import guests, own

app_name = "mapping"

urlpatterns = [
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("alertes/confirmer/<str:token>/", alerts.confirm, name="alert_confirm"),
    path("alertes/arreter/<str:token>/", alerts.stop, name="alert_stop"),
    path("alertes/<int:pk>/arreter/", watching.stop, name="alert_stop_own"),
    path("<slug:slug>/", browse.home, name="home"),
    path("<slug:slug>/contributions.geojson", browse.contributions_geojson, name="geojson"),
    path("<slug:slug>/contributions.csv", browse.contributions_csv, name="csv"),
    path("<slug:slug>/tuiles/<int:z>/<int:x>/<int:y>.mvt", tiles.tile, name="tile"),
    path("<slug:slug>/<int:pk>/fiche/", tiles.card, name="card"),
    path("<slug:slug>/zones.geojson", about.zones_geojson, name="zones"),
    path("<slug:slug>/a-propos/", about.about, name="about"),
    path("<slug:slug>/integrer/", embed.embed, name="embed"),
    path("<slug:slug>/alertes/", watching.alerts, name="alerts"),
    path("<slug:slug>/alertes/message-envoye/", watching.sent, name="alert_sent"),
    path("<slug:slug>/contribuer/", own.new, name="new"),
    path("<slug:slug>/contribuer/tout-pres/", own.nearby, name="nearby"),
    path("<slug:slug>/contribuer/etat/", offline.sending_state, name="sending_state"),
    path("<slug:slug>/contribuer/message-envoye/", guests.sent, name="guest_sent"),
    path("<slug:slug>/lien/<str:token>/", guests.link, name="guest"),
    path("<slug:slug>/lien/<str:token>/modifier/", guests.edit, name="guest_edit"),
    path("<slug:slug>/lien/<str:token>/retirer/", guests.withdraw, name="guest_withdraw"),
    path("<slug:slug>/<int:pk>/", contribution.contribution, name="contribution"),
    path("<slug:slug>/<int:pk>/modifier/", own.edit, name="edit"),
    path("<slug:slug>/<int:pk>/retirer/", own.withdraw, name="withdraw"),
    path("<slug:slug>/<int:pk>/recepisse/", own.receipt, name="receipt"),
]
