"""Reads of the geographic floor."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import Extent, GeometryField, PointField
from django.contrib.gis.db.models.functions import AsSVG, Transform
from django.contrib.gis.geos import GEOSGeometry, Point
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, FloatField, Func, TextField, Value

from maps.choices import LayerKind, TerritoryKind
from maps.models import Layer, Territory
from maps.projections import in_metres, projected_srid, srid_for
from maps.querysets import LayerFeatureQuerySet, TerritoryQuerySet

Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

# The smallest place first: "which neighbourhood is this in?" before "which commune?".
NARROW_TO_WIDE = (
    TerritoryKind.NEIGHBOURHOOD,
    TerritoryKind.BOROUGH,
    TerritoryKind.MUNICIPALITY,
    TerritoryKind.CANTON,
    TerritoryKind.INTERCOMMUNALITY,
    TerritoryKind.DEPARTMENT,
)


class _Simplified(Func):
    """Fewer vertices for display; never an empty or self-crossing outline."""

    function = "ST_SimplifyPreserveTopology"
    output_field = GeometryField()


class _MiddleOf(Func):
    """The middle of the largest circle that fits inside: where a name has the most room."""

    function = "ST_MaximumInscribedCircle"
    template = "(%(function)s(%(expressions)s)).center"
    output_field = PointField()


def territories_at(
    point: Point, *, kinds: Iterable[str], day: datetime.date | None = None
) -> TerritoryQuerySet:
    """Territories of these kinds that cover `point` (WGS 84), found by the GiST index."""
    found = Territory.objects.of_kinds(kinds).containing(point)
    if day is not None:
        found = found.valid_on(day)
    return found.order_by("kind", "code")


def territory_at(
    point: Point, *, kinds: Iterable[str], day: datetime.date | None = None
) -> Territory | None:
    """The narrowest territory that covers `point`; on a shared border, the first by code."""
    rank = {kind: place for place, kind in enumerate(NARROW_TO_WIDE)}
    found = territories_at(point, kinds=kinds, day=day).light()
    return min(found, key=lambda each: (rank[TerritoryKind(each.kind)], each.code), default=None)


def covers(territory: Territory, point: Point) -> bool:
    """Is `point` inside `territory`, borders included? One query by key; no boundary is loaded."""
    return Territory.objects.filter(pk=territory.pk).containing(point).exists()


def children(
    territory: Territory, *, kind: str | None = None, day: datetime.date | None = None
) -> TerritoryQuerySet:
    """Territories directly inside `territory`, by code, without their boundaries."""
    found = territory.children.light().order_by("kind", "code")
    if kind is not None:
        found = found.filter(kind=kind)
    return found if day is None else found.valid_on(day)


def extent(territory: Territory) -> Box:
    """The territory's box in degrees (west, south, east, north)."""
    if "geometry" not in territory.get_deferred_fields():
        box: Box = territory.geometry.extent
    else:
        box = Territory.objects.filter(pk=territory.pk).aggregate(box=Extent("geometry"))["box"]
    return box


def srid_of(territory: Territory) -> int:
    """The projected system in which this territory is measured (2154, 2975…)."""
    west, south, east, north = extent(territory)
    return projected_srid((west + east) / 2, (south + north) / 2)


def area_square_metres(territory: Territory) -> float:
    """Area in the territory's legal projected system."""
    return float(in_metres(territory.geometry).area)


def distance_metres(first: GEOSGeometry, second: GEOSGeometry) -> float:
    """Distance between two WGS 84 geometries, in the projected system of the first."""
    srid = srid_for(first)
    here = first.transform(srid, clone=True)
    return float(here.distance(second.transform(srid, clone=True)))


def display_features(
    territories: TerritoryQuerySet, *, tolerance_degrees: float
) -> TerritoryQuerySet:
    """Territories with `shape`, simplified for the screen, and `anchor`, where its name goes."""
    tolerance = Value(tolerance_degrees, output_field=FloatField())
    shape = _Simplified(F("geometry"), tolerance)
    rows: TerritoryQuerySet = territories.light().annotate(shape=shape, anchor=_MiddleOf(shape))
    return rows


def version(territories: TerritoryQuerySet) -> str:
    """A digest that changes whenever any of these rows changes, without reading a boundary.

    PostgreSQL's `xmin` (the transaction that wrote the row) and `ctid` (where it wrote it) change
    with every update: no column to keep up to date.
    """
    rows = territories.order_by().values_list("pk").annotate(written=_RowVersion())
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return "empty"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT md5(string_agg(row_text, ',' ORDER BY row_text)) "  # noqa: S608 -- Django wrote the inner query
            f"FROM (SELECT versions::text AS row_text FROM ({sql}) AS versions) AS texts",
            params,
        )
        return cursor.fetchone()[0] or "empty"


class _RowVersion(Func):
    """The system columns that change whenever the row is written."""

    template = '("maps_territory"."xmin"::text || "maps_territory"."ctid"::text)'
    arity = 0
    output_field = TextField()


def drawings(
    territories: TerritoryQuerySet, *, srid: int, tolerance_metres: float
) -> list[dict[str, Any]]:
    """SVG paths of boundaries in whole metres of `srid` (y downwards), with their boxes.

    Each item: `pk, kind, code, name, parent_id, path, west, south, east, north` (metres).
    """
    shape = _Simplified(
        Transform("geometry", srid), Value(tolerance_metres, output_field=FloatField())
    )
    rows = territories.annotate(
        path=AsSVG(shape, relative=True, precision=0),
        **{
            edge: Func(Transform("geometry", srid), function=function, output_field=FloatField())
            for edge, function in (
                ("west", "ST_XMin"),
                ("south", "ST_YMin"),
                ("east", "ST_XMax"),
                ("north", "ST_YMax"),
            )
        },
    )
    columns = ("pk", "kind", "code", "name", "parent_id", "path", "west", "south", "east", "north")
    return [dict(row) for row in rows.order_by("kind", "code").values(*columns)]


def layer_extent(layer: Layer) -> Box | None:
    """The box of a layer's shapes in degrees; `None` when it has none."""
    box: Box | None = layer.features.aggregate(box=Extent("geometry"))["box"]
    return box


def layer_shapes(
    layer: Layer, *, box: Box | None, tolerance_degrees: float
) -> LayerFeatureQuerySet:
    """The shapes of a layer, in the file's order, with `shape`, simplified for the screen.

    With `box` (degrees), those that meet it, by the GiST index.
    """
    rows: LayerFeatureQuerySet = layer.features.light().order_by("number")
    if box is not None:
        rows = rows.in_box(box)
    tolerance = Value(tolerance_degrees, output_field=FloatField())
    return rows.annotate(shape=_Simplified(F("geometry"), tolerance))


def shown_layers(layers: Iterable[Layer]) -> list[Layer]:
    """Those that may be shown: nothing from elsewhere unless this site allows it."""
    allowed = settings.MAP_ALLOW_THIRD_PARTIES
    return [each for each in layers if each.kind == LayerKind.UPLOADED or allowed]
