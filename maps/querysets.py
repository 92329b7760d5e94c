"""Filters on territories and on the shapes of layers."""

import datetime
from collections.abc import Iterable

from django.contrib.gis.geos import Point, Polygon
from django.db import models


class TerritoryQuerySet(models.QuerySet):
    def valid_on(self, day: datetime.date) -> "TerritoryQuerySet":
        """Territories that exist on `day` (half-open validity)."""
        return self.filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day),
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=day),
        )

    def containing(self, point: Point) -> "TerritoryQuerySet":
        """Territories that cover `point` (SRID 4326), borders included; uses the GiST index."""
        return self.filter(geometry__covers=point)

    def of_kinds(self, kinds: Iterable[str]) -> "TerritoryQuerySet":
        """Territories of any of these kinds (`TerritoryKind` values)."""
        return self.filter(kind__in=list(kinds))

    def light(self) -> "TerritoryQuerySet":
        """Without boundaries, for lists and choices: an outline can weigh a hundred kilobytes."""
        return self.defer("geometry")


class LayerFeatureQuerySet(models.QuerySet):
    def in_box(self, box: tuple[float, float, float, float]) -> "LayerFeatureQuerySet":
        """Shapes whose box meets this one (west, south, east, north); uses the GiST index."""
        frame = Polygon.from_bbox(box)
        frame.srid = 4326
        return self.filter(geometry__bboverlaps=frame)

    def light(self) -> "LayerFeatureQuerySet":
        """Without shapes."""
        return self.defer("geometry")
