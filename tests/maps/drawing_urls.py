"""The site's addresses and the page of the drawing journeys."""

from django.urls import path

from config.urls import urlpatterns as site
from tests.maps import drawing_pages

urlpatterns = [path("essai/dessin/", drawing_pages.drawing_page), *site]
