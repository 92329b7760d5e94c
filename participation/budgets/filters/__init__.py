"""Filters of the lists of ideas, projects and deliveries."""

from participation.budgets.filters.deliveries import delivery_filters, filter_deliveries
from participation.budgets.filters.ideas import filter_ideas, idea_filters
from participation.budgets.filters.projects import filter_projects, project_filters
from participation.core.filters.listing import PAGE_SIZE, Chip, Choice, Criterion, ListFilters

__all__ = [
    "PAGE_SIZE",
    "Chip",
    "Choice",
    "Criterion",
    "ListFilters",
    "delivery_filters",
    "filter_deliveries",
    "filter_ideas",
    "filter_projects",
    "idea_filters",
    "project_filters",
]
