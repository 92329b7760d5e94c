"""The names of our own territories: works offline and tells nobody what was typed."""

from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.gis.geos import Point
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q

from maps import queries
from maps.geocoding.places import MIN_SCORE, Place
from maps.models import Territory


class Gazetteer:
    """Finds our territories by name, and the narrowest one at a place."""

    def search(self, text: str, *, within: Territory | None, limit: int) -> list[Place]:
        rows = Territory.objects.light()
        if within is not None:
            rows = rows.filter(Q(parent=within) | Q(pk=within.pk))
        rows = (
            rows.annotate(
                score=TrigramWordSimilarity(text, "name"), spot=PointOnSurface("geometry")
            )
            .filter(Q(name__unaccent__icontains=text) | Q(score__gte=MIN_SCORE))
            .order_by("-score", "name", "pk")[:limit]
        )
        return [
            Place(
                label=row.name,
                point=row.spot,
                score=max(row.score, MIN_SCORE),
                territory_id=row.pk,
            )
            for row in rows
        ]

    def reverse(self, point: Point) -> Place | None:
        found = queries.territory_at(point, kinds=queries.NARROW_TO_WIDE)
        if found is None:
            return None
        return Place(label=found.name, point=point, score=1.0, territory_id=found.pk)
