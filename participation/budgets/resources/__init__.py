"""Exports and imports of participatory budgets as spreadsheets (django-import-export)."""

from participation.budgets.resources.deliveries import DeliveryResource
from participation.budgets.resources.ideas import IdeaResource
from participation.budgets.resources.projects import ProjectResource
from participation.budgets.resources.sheets import read_sheet

__all__ = [
    "DeliveryResource",
    "IdeaResource",
    "ProjectResource",
    "read_sheet",
]
