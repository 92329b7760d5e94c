"""Reads of participatory maps that span tables."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from participation.mapping.models import (
    AreaAlert,
    MapCategory,
    MapContribution,
    ParticipatoryMap,
    Question,
)

NEARBY_METRES = 50


def counts(*, map: ParticipatoryMap) -> tuple[int, int]:
    """Public contributions, and how many of them have an official answer; one query."""
    row = MapContribution.objects.filter(map=map, is_public=True).aggregate(
        total=Count("pk"), answered=Count("pk", filter=~Q(state="received"))
    )
    return row["total"], row["answered"]


def public_contributions(*, map: ParticipatoryMap) -> QuerySet[MapContribution]:
    """What anyone may read, without order."""
    return MapContribution.objects.public().filter(map=map).order_by()


def for_lists(rows: QuerySet[MapContribution]) -> QuerySet[MapContribution]:
    """With what a list shows of each, and without drawings: an area can weigh a lot."""
    return rows.select_related("contribution__author", "contribution__territory", "category").defer(
        "geometry", "tile_geometry", "contribution__territory__geometry"
    )


def categories_with_questions(*, map: ParticipatoryMap) -> list[MapCategory]:
    """The categories of a map and what each asks, in order; two queries."""
    asked = Prefetch("questions", Question.objects.order_by("position", "pk"))
    return list(map.categories.order_by("position", "pk").prefetch_related(asked))


def nearby(
    *,
    map: ParticipatoryMap,
    category: MapCategory,
    geometry: GEOSGeometry,
    metres: int = NEARBY_METRES,
    limit: int = 5,
) -> list[MapContribution]:
    """Public contributions of the same category within `metres` of a drawing, nearest first.

    Distances on the ellipsoid; a box in degrees (index) first.
    """
    wkb = geometry.ewkb
    rows = for_lists(public_contributions(map=map).filter(category=category)).annotate(
        metres=RawSQL(
            "ST_Distance(mapping_mapcontribution.geometry::geography,"
            " ST_GeomFromEWKB(%s)::geography)",
            (bytes(wkb),),
        )
    )
    # A degree of latitude is 111 km; of longitude, less: widen it enough for France's latitudes.
    margin = metres / 111_000 * 1.7
    west, south, east, north = geometry.extent
    box = GEOSGeometry(
        f"SRID=4326;POLYGON(({west - margin} {south - margin},{east + margin} {south - margin},"
        f"{east + margin} {north + margin},{west - margin} {north + margin},"
        f"{west - margin} {south - margin}))"
    )
    return list(
        rows.filter(geometry__bboverlaps=box, metres__lte=metres).order_by("metres", "pk")[:limit]
    )


def version(*, map: ParticipatoryMap) -> datetime.datetime | None:
    """When anything of this map last changed: by the index, whatever the size. For ETags."""
    return (
        MapContribution.objects.filter(map=map)
        .order_by("-changed_at")
        .values_list("changed_at", flat=True)
        .first()
    )


def personal_records(*, user: Any) -> Iterator[dict[str, Any]]:
    """What maps hold about a person: what they drew and answered, what they follow."""
    rows = (
        MapContribution.objects.filter(contribution__author=user)
        .select_related("contribution", "category", "map__activity")
        .prefetch_related("question_answers__question")
        .order_by("pk")
    )
    for row in rows:
        yield {
            "type": "map_contribution",
            "map": row.map.activity.title,
            "number": row.contribution.receipt_number,
            "title": row.contribution.title,
            "category": row.category.name,
            "drawing": row.geometry.wkt if row.geometry else "",
            "answers": {
                answer.question.label: answer.text
                or (str(answer.number) if answer.number is not None else ", ".join(answer.chosen))
                for answer in row.question_answers.all()
            },
            "state": str(row.get_state_display()),
            "visibility": str(row.contribution.get_visibility_display()),
        }
    for alert in AreaAlert.objects.filter(user=user).order_by("pk"):
        yield {
            "type": "area_alert",
            "name": alert.label,
            "area": alert.area.wkt if alert.area else "",
            "words": alert.words,
            "frequency": str(alert.get_frequency_display()),
            "since": alert.created_at.isoformat(),
        }
