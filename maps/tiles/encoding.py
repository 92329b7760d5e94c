"""Mapbox vector tiles, made by PostGIS (`ST_AsMVT`).

A tile has up to three layers:

- `points`: a row's anchor, with its key as the feature's id and its named properties;
- `shapes`: the lines and areas, clipped and simplified, same id and properties;
- `clusters`: where rows are too many, groups with `count`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet

from maps.tiles.grid import WEB_MERCATOR, Tile
from maps.tiles.sources import CellSource, FeatureSource, Raw, as_expression

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
EXTENT = 4096  # units across a tile
PIXELS = 512  # how wide our map shows it
UNITS = EXTENT // PIXELS  # in a pixel
MARGIN = 16  # pixels around a tile: a picture over the border is drawn on both sides
CLUSTER = 64  # pixels: side of the squares whose rows are counted together
MAX_FEATURES = 2_000
MAX_BYTES = 100_000

POINTS, SHAPES, CLUSTERS = "points", "shapes", "clusters"


def encode(
    tile: Tile,
    features: FeatureSource,
    *,
    cells: CellSource | None = None,
    most: int = MAX_FEATURES,
    max_bytes: int = MAX_BYTES,
) -> bytes:
    """The tile's bytes, at most `max_bytes`.

    Each row by itself when no more than `most` touch the tile and they fit; else counted in
    squares of `CLUSTER` pixels, a row alone in its square staying itself. One query, or two to four
    when there are too many. With `cells`, a tile no deeper than `cells.max_zoom` counts them first:
    above `most` it reads no other row than those shown alone.
    """
    groups: list[_Group] | None = None
    if cells is not None and tile.z <= cells.max_zoom:
        groups = _group_cells(tile, cells)
    if groups is None or sum(group.count for group in groups) <= most:
        whole = _one_by_one(tile, features, most)
        if whole is not None and len(whole) <= max_bytes:
            return whole
    if groups is None:
        groups = _group_rows(tile, features)
    alone = [group.feature for group in groups if group.count == 1 and group.feature is not None]
    clusters = [group for group in groups if group.count > 1 or group.feature is None]
    written = _clusters(tile, clusters)
    if alone:
        points = _alone(tile, features, alone)
        if len(points) + len(written) <= max_bytes:
            return points + written
        # Their texts alone are too heavy: they become circles like the others.
        return _clusters(tile, groups)
    return written


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows near one another: their weighted centre (EPSG:3857), and the row when there is one."""

    x: float
    y: float
    count: int
    feature: int | None


class _Anchor(Raw):
    """The point itself, the middle of a line, a point inside an area."""

    template = (
        "CASE GeometryType(%(expressions)s) WHEN 'POINT' THEN %(expressions)s"
        " WHEN 'LINESTRING' THEN ST_LineInterpolatePoint(%(expressions)s, 0.5)"
        " ELSE ST_PointOnSurface(%(expressions)s) END"
    )


def _touching(tile: Tile, source: FeatureSource) -> QuerySet[Any]:
    """Rows whose box meets the tile's, by the GiST index."""
    box = tile.box(MARGIN / PIXELS)
    return source.rows.order_by().filter(**{f"{source.geometry}__bboverlaps": box})


def _inner(
    rows: QuerySet[Any], source: FeatureSource, *, named: bool, limit: int | None = None
) -> tuple[str, Sequence[Any]] | None:
    """The rows as SQL with `tile_id, tile_shape, tile_anchor` and, when `named`, `named_…`."""
    columns: dict[str, Any] = {
        "tile_id": F("pk"),
        "tile_shape": Raw(F(source.geometry)),
        "tile_anchor": Raw(F(source.anchor)) if source.anchor else _Anchor(F(source.geometry)),
    }
    if named:
        for name, value in source.properties.items():
            columns[f"named_{name}"] = as_expression(value)
    try:
        sql, params = rows.values(**columns)[:limit].query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, params


def _named(source: FeatureSource) -> str:
    quote = connection.ops.quote_name
    return "".join(f", {quote(f'named_{name}')} AS {quote(name)}" for name in source.properties)


_BOX = f"ST_MakeEnvelope(%s, %s, %s, %s, {WEB_MERCATOR})"


def _point_layer(source: FeatureSource) -> str:
    """Of the rows `found`; its parameters: the tile's box."""
    return (
        f"SELECT ST_AsMVT(made, '{POINTS}', {EXTENT}, 'spot', 'tile_id') FROM ("  # noqa: S608 -- constants and checked names
        f"SELECT tile_id, ST_AsMVTGeom(tile_anchor, {_BOX}, {EXTENT}, {MARGIN * UNITS}, true)"
        f" AS spot{_named(source)} FROM found ORDER BY tile_id"
        f") AS made WHERE spot IS NOT NULL"
    )


def _shape_layer(source: FeatureSource) -> str:
    """Of the rows `found`; its parameters: the tolerance in metres, and the tile's box."""
    return (
        f"SELECT ST_AsMVT(made, '{SHAPES}', {EXTENT}, 'shape', 'tile_id') FROM ("  # noqa: S608 -- constants and checked names
        f"SELECT tile_id, ST_AsMVTGeom(ST_Simplify(tile_shape, %s), {_BOX}, {EXTENT},"
        f" {MARGIN * UNITS}, true) AS shape{_named(source)} FROM found"
        f" WHERE ST_Dimension(tile_shape) > 0 ORDER BY tile_id"
        f") AS made WHERE shape IS NOT NULL"
    )


def _one_by_one(tile: Tile, source: FeatureSource, most: int) -> bytes | None:
    """Every row that touches the tile; `None` when there are more than `most`."""
    inner = _inner(_touching(tile, source), source, named=True, limit=most + 1)
    if inner is None:
        return b""
    sql, params = inner
    return _bytes(
        # Counted first: PostgreSQL leaves the branch that isn't taken unread.
        f"WITH found AS MATERIALIZED ({sql})"  # noqa: S608 -- Django wrote the inner query; the names are checked
        f" SELECT CASE WHEN (SELECT count(*) FROM found) <= %s"
        f" THEN ({_point_layer(source)}) || ({_shape_layer(source)}) END",
        [*params, most, *tile.metres, tile.side / PIXELS / 2, *tile.metres],
    )


def _alone(tile: Tile, source: FeatureSource, keys: list[int]) -> bytes:
    """These rows, as points."""
    inner = _inner(source.rows.order_by().filter(pk__in=keys), source, named=True)
    if inner is None:
        return b""
    sql, params = inner
    layer = _point_layer(source)
    return _bytes(f"WITH found AS ({sql}) {layer}", [*params, *tile.metres]) or b""


# A group belongs to the tile that holds its square: half-open, so that neighbours count a place
# once between them.
_GROUPED = """
SELECT sum(x * many) / sum(many), sum(y * many) / sum(many), sum(many), min(feature)
FROM ({rows}) AS placed
WHERE x >= %s AND y >= %s AND x < %s AND y < %s
GROUP BY floor((x - %s) / %s), floor((y - %s) / %s)
ORDER BY 1, 2
"""


def _group_rows(tile: Tile, source: FeatureSource) -> list[_Group]:
    inner = _inner(_touching(tile, source), source, named=False)
    if inner is None:
        return []
    sql, params = inner
    rows = (
        f"SELECT ST_X(tile_anchor) AS x, ST_Y(tile_anchor) AS y, 1 AS many, tile_id AS feature"  # noqa: S608 -- Django wrote the inner query
        f" FROM ({sql}) AS found"
    )
    return _groups(tile, rows, params)


def _group_cells(tile: Tile, cells: CellSource) -> list[_Group]:
    west, south, east, north = tile.metres
    found = cells.rows.order_by().filter(
        **{f"{cells.x}__gte": west, f"{cells.x}__lt": east, f"{cells.count}__gt": 0},
        **{f"{cells.y}__gte": south, f"{cells.y}__lt": north},
    )
    columns = {"cell_x": F(cells.x), "cell_y": F(cells.y), "cell_count": F(cells.count)}
    if cells.feature:
        columns["cell_feature"] = F(cells.feature)
    try:
        sql, params = found.values(**columns).query.sql_with_params()
    except EmptyResultSet:
        return []
    feature = "cell_feature" if cells.feature else "NULL::bigint"
    rows = (
        f"SELECT cell_x AS x, cell_y AS y, cell_count AS many, {feature} AS feature"  # noqa: S608 -- Django wrote the inner query
        f" FROM ({sql}) AS found"
    )
    return _groups(tile, rows, params)


def _groups(tile: Tile, rows: str, params: Sequence[Any]) -> list[_Group]:
    west, south, east, north = tile.metres
    square = tile.side * CLUSTER / PIXELS
    with connection.cursor() as cursor:
        cursor.execute(
            _GROUPED.format(rows=rows),
            [*params, west, south, east, north, west, square, south, square],
        )
        return [
            _Group(float(x), float(y), int(count), feature)
            for x, y, count, feature in cursor.fetchall()
        ]


def _clusters(tile: Tile, groups: Sequence[_Group]) -> bytes:
    if not groups:
        return b""
    written = _bytes(
        f"SELECT ST_AsMVT(made, '{CLUSTERS}', {EXTENT}, 'spot') FROM ("  # noqa: S608 -- constants only
        f"SELECT ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(x, y), {WEB_MERCATOR}), {_BOX}, {EXTENT},"
        f" 0, true) AS spot, count"
        f" FROM unnest(%s::float8[], %s::float8[], %s::bigint[]) AS counted(x, y, count)"
        f") AS made WHERE spot IS NOT NULL",
        [
            *tile.metres,
            [group.x for group in groups],
            [group.y for group in groups],
            [group.count for group in groups],
        ],
    )
    return written or b""


def _bytes(sql: str, params: Sequence[Any]) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        (made,) = cursor.fetchone()
    return None if made is None else bytes(made)
