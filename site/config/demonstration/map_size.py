"""A participatory map at the size of a large city: a hundred thousand contributions."""

from django.db import connection, transaction

from participation.mapping.models import MapContribution, ParticipatoryMap
from participation.mapping.tasks import recount_cells

CONTRIBUTIONS = 100_000
_SYSTEM = "demonstration"

# Each copy takes the words and the drawing of one of the map's own contributions, moved to a
# random place of the perimeter (always the same ones). Samples are made once, not for each copy.
_SPINES = """
    WITH samples AS MATERIALIZED (
        SELECT spine.*, row_number() OVER (ORDER BY spine.id) - 1 AS rank, count(*) OVER () AS total
        FROM core_contribution AS spine
        WHERE spine.activity_id = %(map)s AND spine.source_system = ''
    ), spots AS (
        SELECT dumped.path[1] AS number, dumped.geom AS spot
        FROM maps_territory AS place,
             ST_Dump(ST_GeneratePoints(place.geometry, %(count)s, 2026)) AS dumped
        WHERE place.id = %(place)s
    )
    INSERT INTO core_contribution (
        activity_id, author_id, author_label, title, body, territory_id, point, address, visibility,
        source, submission_key, source_system, source_id, created_at, submitted_at, published_at,
        supports_count, comments_count)
    SELECT %(map)s, author_id, '', left(title, 110) || ' ' || number, body,
           (SELECT part.id FROM maps_territory AS part
            WHERE part.parent_id = %(place)s AND ST_Covers(part.geometry, spot) LIMIT 1),
           spot, '', 'published', 'online', gen_random_uuid(), %(system)s,
           %(map)s || '-' || number, moment, moment, moment, number %% 40, 0
    FROM spots
    JOIN samples ON samples.rank = (number - 1) %% samples.total
    CROSS JOIN LATERAL (
        SELECT samples.created_at - (number %% 1000) * interval '1 hour' AS moment
    ) AS dated
    ON CONFLICT (source_system, source_id) WHERE source_id <> '' DO NOTHING
"""
_DRAWINGS = """
    WITH samples AS MATERIALIZED (
        SELECT own.*, row_number() OVER (ORDER BY own.contribution_id) - 1 AS rank,
               count(*) OVER () AS total, ST_PointOnSurface(own.geometry) AS middle
        FROM mapping_mapcontribution AS own
        JOIN core_contribution AS spine ON spine.id = own.contribution_id
        WHERE own.map_id = %(map)s AND spine.source_system = ''
    )
    INSERT INTO mapping_mapcontribution (
        contribution_id, map_id, category_id, geometry, state, is_public, changed_at)
    SELECT copy.id, %(map)s, samples.category_id,
           ST_SnapToGrid(ST_Translate(samples.geometry, ST_X(copy.point) - ST_X(samples.middle),
                                      ST_Y(copy.point) - ST_Y(samples.middle)), 0.000001),
           samples.state, true, now()
    FROM core_contribution AS copy
    JOIN samples
      ON samples.rank = (split_part(copy.source_id, '-', 2)::int - 1) %% samples.total
    WHERE copy.activity_id = %(map)s AND copy.source_system = %(system)s
    ON CONFLICT (contribution_id) DO NOTHING
"""


@transaction.atomic
def grow_map(map: ParticipatoryMap, total: int) -> None:
    """Bring the contributions of `map` to `total`; what is there already counts."""
    own = MapContribution.objects.filter(map=map, contribution__source_system="").count()
    values = {
        "map": map.pk,
        "place": map.activity.process.perimeter_id,
        "count": max(total - own, 0),
        "system": _SYSTEM,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPINES, values)
        cursor.execute(_DRAWINGS, values)
    recount_cells(map.pk)
