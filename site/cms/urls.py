"""Addresses of the editorial site."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
