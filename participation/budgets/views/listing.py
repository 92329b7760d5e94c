"""One page of a filtered list, for its three views."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from participation.budgets.filters import PAGE_SIZE, ListFilters

MAP_LIMIT = 10_000
"""A map shows that many points at most; the answer says when some were left out."""


def page_of(request: HttpRequest, rows: QuerySet[Any], filters: ListFilters) -> Page[Any]:
    """The page asked; the first when it means nothing, the last when it lies beyond."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get(filters.PAGE))
