"""One page of a filtered list, for its three views."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Subquery, Window
from django.http import HttpRequest

from participation.core.filters.listing import PAGE_SIZE, ListFilters

MAP_LIMIT = 10_000
"""A map shows that many points at most; the answer says when some were left out."""


LONGEST_NUMBER = 6
"""Digits of the number of a page; a longer one lies beyond every list."""


class _Number(Subquery):
    """How many rows a query has."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"


def list_context(
    request: HttpRequest,
    rows: QuerySet[Any],
    filters: ListFilters,
    *,
    point: str,
    features_path: str,
    cards: Callable[[list[int]], list[Any]] | None = None,
) -> dict[str, Any]:
    """The page asked (the first when it means nothing, the last when it lies beyond), and, for
    the map, its features' address and how many rows have no `point` (the name of a column).

    With `cards`, the page holds what it makes of the keys of `rows`, in their order; keys and
    their number are then read at once.
    """
    paginator = Paginator(rows, PAGE_SIZE)
    number = request.GET.get(filters.PAGE)
    if cards is None:
        found = paginator.get_page(number)
    else:
        found = _page_of_cards(paginator, number, cards, narrowed=filters.is_active)
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


def _page_of_cards(
    paginator: Paginator, number: Any, cards: Callable[[list[int]], list[Any]], *, narrowed: bool
) -> Page:
    """One query for the keys of a page and the number of all, unless it lies beyond the last."""
    rows: Any = paginator.object_list
    wanted = str(number or "")
    asked = int(wanted) if wanted.isdecimal() and len(wanted) <= LONGEST_NUMBER else 1
    start = (max(asked, 1) - 1) * PAGE_SIZE
    # A narrowed set is found once, and counted on the way; a whole one is counted by its index,
    # and its first rows are read there.
    total: Any = Window(Count("*")) if narrowed else _Number(rows.order_by().values("pk"))
    keys = list(rows.annotate(total=total).values_list("pk", "total")[start : start + PAGE_SIZE])
    if keys or not start:
        paginator.count = keys[0][1] if keys else 0
    found = paginator.get_page(number)
    if found.start_index() in (0, start + 1):
        found.object_list = cards([key for key, _total in keys])
    else:
        shown: Any = found.object_list
        found.object_list = cards(list(shown.values_list("pk", flat=True)))
    return found
