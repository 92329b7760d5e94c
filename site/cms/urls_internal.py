"""Addresses under `/_/` that people do not read."""

from django.urls import path

from cms import views

urlpatterns = [
    path("theme.css", views.theme_css, name="cms_theme"),
]
