"""Participatory maps, as blocks of pages show them: public things only. Times are passed in."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import BigIntegerField, Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse

from maps.models import Territory
from participation.core.models import Activity, Phase
from participation.core.verdict import Verdict
from participation.core.written import Given, Written, attach
from participation.mapping import policies, queries
from participation.mapping.choices import WishState
from participation.mapping.filters import (
    MapFilters,
    filter_contributions,
    map_filters,
    ordered,
)
from participation.mapping.filters.contributions import CATEGORY, DISTRICT, STATE
from participation.mapping.models import MapCategory, MapContribution, ParticipatoryMap


@dataclass(frozen=True)
class ShownMap:
    """A published map and what a block asks of it.

    `sees_others` is the visitor's right to see contributions, whoever they are: a page is made
    for everybody.
    """

    map: ParticipatoryMap
    categories: list[MapCategory]
    filters: MapFilters
    sees_others: Verdict

    @property
    def slug(self) -> str:
        return self.map.activity.slug

    @property
    def rows(self) -> QuerySet[MapContribution]:
        """What anyone may read and the block asks for, without order."""
        if not self.sees_others:
            return MapContribution.objects.none()
        return filter_contributions(queries.public_contributions(map=self.map), self.filters)

    @cached_property
    def frame(self) -> queries.MapFrame:
        """What it is drawn in, and how many rows there are; one query."""
        return queries.map_frame(map=self.map, rows=self.rows)

    @cached_property
    def url(self) -> str:
        """The same set on the map's own page."""
        return self._address("home", self.filters.query(vue=None))

    @cached_property
    def list_url(self) -> str:
        """The same set as a list."""
        return self._address("home", self.filters.query(vue="liste"))

    @cached_property
    def tiles_url(self) -> str:
        """The template of its tiles; empty when nobody sees them."""
        if not self.sees_others:
            return ""
        query = self.filters.query(vue=None, ordre=None)
        tile = reverse("mapping:tile", args=[self.slug, 0, 0, 0])
        return tile.replace("/0/0/0.", "/{z}/{x}/{y}.") + ("" if query == "?" else query)

    @cached_property
    def popup_url(self) -> str:
        return reverse("mapping:card", args=[self.slug, 0]).replace("/0/", "/{id}/")

    def first(self, limit: int) -> list[MapContribution]:
        """The first of them in the order asked, with what a list shows; one query."""
        by_index = queries.by_date_index(self.rows, map=self.map)
        return list(queries.for_lists(ordered(by_index, self.filters))[:limit])

    def _address(self, name: str, query: str) -> str:
        return reverse(f"mapping:{name}", args=[self.slug]) + ("" if query == "?" else query)


class PublishedMaps:
    """The published maps that a page shows: each is read once, however many blocks show it.

    A page that has already read an activity with its process, its phases and its map says so:
    only the map's categories are asked then.
    """

    def __init__(self, activities: Iterable[Activity] = ()) -> None:
        self._known = {activity.pk: activity for activity in activities}
        self._found: dict[int, ParticipatoryMap | None] = {}

    def get(self, key: int) -> ParticipatoryMap | None:
        """The map with its activity, process, phases and categories; `None` when unpublished."""
        if key not in self._found:
            self._found[key] = self._from_page(key) or _published_map(key)
        return self._found[key]

    def _from_page(self, key: int) -> ParticipatoryMap | None:
        activity = self._known.get(key)
        if activity is None or activity.process.published_at is None:
            return None
        map = activity.map
        attach(map, "categories", _CATEGORIES.read(map=key), MapCategory)
        return map


_CATEGORIES = Written(
    lambda: MapCategory.objects.filter(map=Given("map", BigIntegerField())).order_by(
        "position", "pk"
    )
)


def _published_map(key: int) -> ParticipatoryMap | None:
    return (
        ParticipatoryMap.objects.select_related("activity__process__perimeter")
        .defer("activity__process__perimeter__geometry", "drawn_perimeter")
        .prefetch_related(
            Prefetch("activity__phases", Phase.objects.order_by("period")),
            Prefetch("categories", MapCategory.objects.order_by("position", "pk")),
        )
        .filter(pk=key, activity__process__published_at__isnull=False)
        .order_by("pk")
        .first()
    )


def shown_map(
    *,
    map_id: int,
    at: datetime.datetime,
    maps: PublishedMaps,
    category: MapCategory | None = None,
    district: Territory | None = None,
    state: str = "",
    order: str = "",
) -> ShownMap | None:
    """The map of that key and a part of its contributions; `None` when it is not published, or
    does not exist.

    Three queries, for the first block of the page that shows this map. A category of another map
    narrows to nothing that exists, and is left out.
    """
    found = maps.get(map_id)
    if found is None:
        return None
    categories = list(found.categories.all())
    asked = {
        CATEGORY: str(category.pk) if category else "",
        DISTRICT: str(district.pk) if district else "",
        STATE: state,
        MapFilters.ORDER: order,
    }
    return ShownMap(
        map=found,
        categories=categories,
        filters=map_filters(asked, categories=categories, districts=[district] if district else []),
        sees_others=policies.may_see_others(map=found, user=None, at=at),
    )


def is_map(*, key: int) -> bool:
    """Whether that map, published or not, still exists."""
    return ParticipatoryMap.objects.filter(pk=key).exists()


def map_figure(*, shown: ShownMap, figure: str) -> int:
    """How many `contributions` a part of a map has, `answered`, or in a state; one query."""
    rows = shown.rows
    if figure == "answered":
        rows = rows.exclude(state=WishState.RECEIVED)
    elif figure != "contributions":
        rows = rows.filter(state=figure)
    return rows.count()


def map_districts() -> QuerySet[Territory]:
    """The parts of the territories that have a map, for an editor to choose from."""
    mapped = ParticipatoryMap.objects.filter(
        activity__process__perimeter=OuterRef("parent"), parts=OuterRef("kind")
    ).order_by()
    return Territory.objects.light().filter(Exists(mapped)).order_by("name", "pk")
