"""Chainable filters of contributions to maps. `.public()` is the only filter public views use."""

from django.contrib.gis.geos import GEOSGeometry
from django.db import models


class MapContributionQuerySet(models.QuerySet):
    def public(self) -> "MapContributionQuerySet":
        """Published, not joined to another, of a published process."""
        return self.filter(is_public=True, map__activity__process__published_at__isnull=False)

    def located(self) -> "MapContributionQuerySet":
        """With something drawn; the others are in the list only."""
        return self.filter(geometry__isnull=False)

    def touching(self, area: GEOSGeometry) -> "MapContributionQuerySet":
        """Drawn in or across `area` (WGS 84); by the spatial index."""
        return self.filter(geometry__intersects=area)
