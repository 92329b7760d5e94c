"""The site's addresses and the pages of the browser tests."""

from django.urls import path

from config.urls import urlpatterns as site
from tests.maps import pages

urlpatterns = [
    path("essai/carte/", pages.map_page),
    path("essai/idees.geojson", pages.features),
    path("essai/lieu/", pages.form_page),
    path("essai/tuiles/", pages.tiles_page),
    path("essai/tuiles/<int:z>/<int:x>/<int:y>.mvt", pages.tile),
    path("essai/fiche/<int:pk>/", pages.card),
    *site,
]
