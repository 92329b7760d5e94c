"""One page of a filtered list, for its three views."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from participation.core.filters.listing import PAGE_SIZE, ListFilters

MAP_LIMIT = 10_000
"""A map shows that many points at most; the answer says when some were left out."""


def list_context(
    request: HttpRequest,
    rows: QuerySet[Any],
    filters: ListFilters,
    *,
    point: str,
    features_path: str,
) -> dict[str, Any]:
    """The page asked (the first when it means nothing, the last when it lies beyond), and, for
    the map, its features' address and how many rows have no `point` (the name of a column)."""
    found = Paginator(rows, PAGE_SIZE).get_page(request.GET.get(filters.PAGE))
    total = found.paginator.count
    on_map = total
    if filters.view == "plan":
        on_map = rows.filter(**{f"{point}__isnull": False}).count()
    return {
        "filters": filters,
        "found": found,
        "features_url": features_path + filters.features_query,
        "off_map": total - on_map,
    }
