"""Exports and imports of participatory budgets as spreadsheets (django-import-export)."""

from participation.budgets.resources.deliveries import DELIVERY_HEADINGS, DeliveryResource
from participation.budgets.resources.ideas import IDEA_HEADINGS, IdeaResource
from participation.budgets.resources.projects import PROJECT_HEADINGS, ProjectResource
from participation.budgets.resources.sheets import read_sheet

__all__ = [
    "DELIVERY_HEADINGS",
    "IDEA_HEADINGS",
    "PROJECT_HEADINGS",
    "DeliveryResource",
    "IdeaResource",
    "ProjectResource",
    "read_sheet",
]
