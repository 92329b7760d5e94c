"""Addresses of participatory budgets."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
