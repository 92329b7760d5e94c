"""A throw-away table of places with a projected geometry, as an instrument's own would be."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps.registry import Apps
from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.db import connection

_apart = Apps()  # a registry of its own: no migration, no relation check, no flush


class Spot(models.Model):
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=20)
    email = models.CharField(max_length=100, default="personne@example.org")
    tile_geometry = models.GeometryField(srid=3857)

    class Meta:
        app_label = "tests_maps"
        apps = _apart


class Cell(models.Model):
    x = models.FloatField()
    y = models.FloatField()
    count = models.IntegerField()
    spot_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "tests_maps"
        apps = _apart


@contextmanager
def tables() -> Iterator[None]:
    """Both tables, for the time of a test."""
    with connection.schema_editor() as editor:
        editor.create_model(Spot)
        editor.create_model(Cell)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            # The rows' deferred checks would keep the tables.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.schema_editor() as editor:
            editor.delete_model(Cell)
            editor.delete_model(Spot)


def projected(geometry: GEOSGeometry) -> GEOSGeometry:
    """A copy of a WGS 84 geometry in EPSG:3857."""
    return geometry.transform(3857, clone=True)


def point(longitude: float, latitude: float) -> Point:
    return projected(Point(longitude, latitude, srid=4326))


def line(*positions: tuple[float, float]) -> LineString:
    return projected(LineString(*positions, srid=4326))


def area(west: float, south: float, east: float, north: float) -> Polygon:
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = 4326
    return projected(box)
