"""Reads of participatory maps that span tables."""

import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from maps.models import Territory
from participation.core.choices import Step, Visibility
from participation.core.models import Contribution, Phase
from participation.mapping.models import (
    AreaAlert,
    MapCategory,
    MapContribution,
    MapLayer,
    ParticipatoryMap,
    Question,
    QuestionAnswer,
    Trace,
    Zone,
)

NEARBY_METRES = 50


def counts(*, map: ParticipatoryMap) -> tuple[int, int]:
    """Public contributions, and how many of them have an official answer; one query."""
    row = MapContribution.objects.filter(map=map, is_public=True).aggregate(
        total=Count("pk"), answered=Count("pk", filter=~Q(state="received"))
    )
    return row["total"], row["answered"]


def keeping_back(*, at: datetime.datetime) -> list[int]:
    """Keys of the maps whose contributions are not shown to others now."""
    collecting = Phase.objects.at(at).filter(step=Step.COLLECT, activity=OuterRef("pk"))
    maps = ParticipatoryMap.objects.filter(Exists(collecting.order_by()), shows_others=False)
    return list(maps.order_by("pk").values_list("pk", flat=True))


def public_contributions(*, map: ParticipatoryMap) -> QuerySet[MapContribution]:
    """What anyone may read, without order."""
    return MapContribution.objects.public().filter(map=map).order_by()


def own_contributions(*, map: ParticipatoryMap, user: Any) -> QuerySet[MapContribution]:
    """What this person sent to a map and did not withdraw, without order; for a map that keeps
    others' contributions back."""
    sent = (Visibility.PENDING, Visibility.PUBLISHED)
    return MapContribution.objects.filter(
        map=map, contribution__author=user, contribution__visibility__in=sent
    ).order_by()


def by_date_index(
    rows: QuerySet[MapContribution], *, map: ParticipatoryMap
) -> QuerySet[MapContribution]:
    """The same rows of the public set, told in a way that lets the lists' indexes of the spine
    give them in order."""
    return rows.filter(contribution__activity=map.pk, contribution__visibility=Visibility.PUBLISHED)


def districts(*, map: ParticipatoryMap) -> list[Territory]:
    """The parts of the map's territory, without boundaries; without territory, those in use."""
    perimeter = map.activity.process.perimeter_id
    if perimeter is not None:
        parts = Territory.objects.filter(parent=perimeter, kind=map.parts)
    else:
        used = Contribution.objects.filter(activity=map.pk, territory=OuterRef("pk")).order_by()
        parts = Territory.objects.filter(Exists(used))
    return list(parts.light().order_by("name", "pk"))


def drawn_extent(*, map: ParticipatoryMap) -> tuple[float, float, float, float] | None:
    """The box of the perimeter drawn for this map, in degrees; `None` when there is none."""
    box: tuple[float, float, float, float] | None = ParticipatoryMap.objects.filter(
        pk=map.pk
    ).aggregate(box=Extent("drawn_perimeter"))["box"]
    return box


class MapFrame(NamedTuple):
    """What a map is drawn in: `box` in degrees (west, south, east, north), `None` without any
    territory; whether something is laid under its contributions; how many of these it shows."""

    box: tuple[float, float, float, float] | None
    has_zones: bool
    has_layers: bool
    total: int


class _CountOf(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = BigIntegerField()


def map_frame(*, map: ParticipatoryMap, rows: QuerySet[MapContribution]) -> MapFrame:
    """The frame of a map on which some contributions are shown; one query."""
    of_map = {"map": OuterRef("pk")}
    around = Coalesce("drawn_perimeter", "activity__process__perimeter__geometry")
    found = (
        ParticipatoryMap.objects.filter(pk=map.pk)
        .order_by("pk")
        .values("pk")
        .annotate(
            box=Extent(around),
            has_zones=Exists(Zone.objects.filter(**of_map).order_by()),
            has_layers=Exists(MapLayer.objects.filter(**of_map).order_by()),
            total=_CountOf(rows.order_by().values("pk")),
        )
        .values_list(*MapFrame._fields)
        .get()
    )
    return MapFrame._make(found)


def public_answers(*, contribution: MapContribution, all_of_them: bool) -> list[QuestionAnswer]:
    """What is answered to the questions, in their order; `all_of_them`: also to those whose
    answers are not public. One query."""
    rows = QuestionAnswer.objects.filter(contribution=contribution).select_related(
        "question", "photo"
    )
    if not all_of_them:
        rows = rows.filter(question__is_public=True)
    return list(rows.order_by("question__position", "question_id"))


def traces(*, contribution: MapContribution) -> list[Trace]:
    """What happened to a contribution, oldest first, with the other one where there is one."""
    return list(
        Trace.objects.filter(contribution=contribution)
        .select_related("other__contribution")
        .defer("geometry_before", "other__geometry", "other__tile_geometry")
        .order_by("happened_at", "pk")
    )


def joined_to(*, contribution: MapContribution) -> list[MapContribution]:
    """The published contributions that were joined to this one."""
    rows = MapContribution.objects.filter(
        merged_into=contribution, contribution__visibility=Visibility.PUBLISHED
    )
    return list(for_lists(rows).order_by("pk"))


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


def alerts_of(*, user: Any) -> list[AreaAlert]:
    """A member's alerts, latest first, without their areas; one query."""
    rows = AreaAlert.objects.filter(user=user).select_related("map__activity", "category")
    return list(rows.defer("area", "centre", "map__drawn_perimeter").order_by("-created_at", "-pk"))


def own_alert(*, user: Any, key: int) -> AreaAlert | None:
    """The alert of that key, when it is this person's."""
    return AreaAlert.objects.filter(user=user, pk=key).first()


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
