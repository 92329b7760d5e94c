"""Addresses under `/_/` that people do not read."""

from django.urls import path

from cms import gallery, views

urlpatterns = [
    path("components/", gallery.gallery, name="components_gallery"),
    path("theme.css", views.theme_css, name="cms_theme"),
]
