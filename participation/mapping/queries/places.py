"""In which territory points are, all at once."""

from collections.abc import Sequence

from django.contrib.gis.geos import Point
from django.db import connection

from maps.models import Territory

_WHERE = f"""
    SELECT spot.place - 1, found.id
    FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS spot(x, y, place)
    JOIN LATERAL (
        SELECT id FROM {Territory._meta.db_table}
        WHERE kind = %s AND ST_Covers(geometry, ST_SetSRID(ST_Point(spot.x, spot.y), 4326))
        ORDER BY code LIMIT 1
    ) AS found ON true
"""  # noqa: S608 -- the name of our own table


def territories_of(points: Sequence[Point], *, kind: str) -> dict[int, int]:
    """Rank of a point (WGS 84) → key of the territory of that kind that covers it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_WHERE, [[each.x for each in points], [each.y for each in points], kind])
        return dict(cursor.fetchall())
