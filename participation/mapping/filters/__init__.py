"""Filters of the contributions to a map."""

from participation.core.filters.around import Around, read_around
from participation.mapping.filters.contributions import (
    CATEGORY,
    DISTRICT,
    MapFilters,
    filter_contributions,
    map_filters,
    ordered,
)

__all__ = [
    "CATEGORY",
    "DISTRICT",
    "Around",
    "MapFilters",
    "filter_contributions",
    "map_filters",
    "ordered",
    "read_around",
]
