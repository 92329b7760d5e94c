"""Addresses of the spine."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
