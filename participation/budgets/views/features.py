"""Ideas, projects and deliveries as features of a map."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse

from maps.geojson import Feature, geojson_response
from participation.budgets.models import Category
from participation.budgets.presentation import tone_of
from participation.core.views.listing import MAP_LIMIT

M = TypeVar("M", bound=Model)


def features_of(located: QuerySet[M], feature: Callable[[M], Feature]) -> HttpResponse:
    """The GeoJSON of rows that have a point; its member `complete` says whether it holds all."""
    rows = list(located[: MAP_LIMIT + 1])
    return geojson_response(
        [feature(row) for row in rows[:MAP_LIMIT]], members={"complete": len(rows) <= MAP_LIMIT}
    )


def place(
    *,
    key: int,
    point: Any,
    title: str,
    url: str,
    summary: str,
    category: Category | None,
    status: str,
) -> Feature:
    """One place; its tone and icon are its category's."""
    return Feature(
        id=key,
        geometry=point,
        properties={
            "title": title,
            "url": url,
            "summary": summary,
            "tone": tone_of(category.position) if category else 1,
            "category": category.name if category else "",
            "icon": category.icon if category else "tag",
            "status": status,
        },
    )
