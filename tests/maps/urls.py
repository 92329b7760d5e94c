"""The site's addresses and two pages of the browser tests."""

from django.urls import path

from config.urls import urlpatterns as site
from tests.maps import pages

urlpatterns = [
    path("essai/carte/", pages.map_page),
    path("essai/idees.geojson", pages.features),
    path("essai/lieu/", pages.form_page),
    *site,
]
