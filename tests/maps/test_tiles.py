"""Vector tiles: what they hold, what they never hold, how heavy they get."""

import math
from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pytest
from django.db import connection
from django.db.models import F, Value
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from maps.tiles import CellSource, FeatureSource, NoSuchTile, Tile, encode, tile_at, tile_response
from tests.maps.spots import Cell, Spot, area, line, point, tables

LONGITUDE, LATITUDE = 1.44, 43.60
CITY = tile_at(LONGITUDE, LATITUDE, 12)
STREET = tile_at(LONGITUDE, LATITUDE, 17)


@pytest.fixture
def spots(db: None) -> Iterator[None]:
    with tables():
        yield


def source(**changes: Any) -> FeatureSource:
    options = {
        "rows": Spot.objects.all(),
        "properties": {"title": "title", "category": F("category")},
    }
    return FeatureSource(**(options | changes))


def read(tile: bytes) -> dict[str, list[dict[str, Any]]]:
    """Layer → features, y downwards as on the screen."""
    decoded = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
    return {name: layer["features"] for name, layer in decoded.items()}


def inside(tile: Tile, across: float, down: float) -> Any:
    """A point of a tile, in shares of its edge from its north-west corner."""
    west, _south, _east, north = tile.metres
    place = point(0, 0)
    place.x, place.y = west + across * tile.side, north - down * tile.side
    return place


def add(tile: Tile, places: list[tuple[float, float]], **more: Any) -> list[Spot]:
    return Spot.objects.bulk_create(
        Spot(**({"title": f"Lieu {n}", "category": "banc"} | more), tile_geometry=inside(tile, *at))
        for n, at in enumerate(places)
    )


# The grid.


@pytest.mark.parametrize(
    ("z", "x", "y"), [(-1, 0, 0), (23, 0, 0), (0, 1, 0), (3, 8, 0), (3, 0, -1)]
)
def test_what_is_no_tile(z, x, y):
    with pytest.raises(NoSuchTile):
        Tile(z, x, y)


def test_the_boxes_of_a_tile():
    assert Tile(0, 0, 0).degrees == pytest.approx((-180, -85.05112878, 180, 85.05112878))
    west, south, east, north = CITY.degrees
    assert west <= LONGITUDE < east
    assert south < LATITUDE <= north
    corner = point(west, south)
    assert (corner.x, corner.y) == pytest.approx(CITY.metres[:2], abs=1e-3)
    assert CITY.box().extent == pytest.approx(CITY.metres)
    wide = CITY.box(0.5).extent
    assert wide[2] - wide[0] == pytest.approx(2 * CITY.side)


# Features one by one.


def test_a_point_is_where_it_is_and_says_only_what_is_named(spots):
    spot = add(STREET, [(0.25, 0.75)])[0]
    layers = read(encode(STREET, source()))
    assert set(layers) == {"points"}
    [feature] = layers["points"]
    assert feature["id"] == spot.pk
    assert feature["geometry"]["coordinates"] == [1024, 3072]
    assert feature["properties"] == {"title": "Lieu 0", "category": "banc"}
    assert b"example.org" not in encode(STREET, source())


@pytest.mark.parametrize("name", ['x"; DROP', "Titre", "", "é", "a" * 50])
def test_a_property_has_a_plain_name(name):
    with pytest.raises(ValueError, match="can't name"):
        source(properties={name: "title"})


def test_properties_may_be_expressions(spots):
    add(STREET, [(0.5, 0.5)])
    tile = encode(STREET, source(properties={"open": Value(True), "count": Value(7)}))
    assert read(tile)["points"][0]["properties"] == {"open": True, "count": 7}


def test_the_rows_given_are_the_only_ones(spots):
    add(STREET, [(0.5, 0.5)], category="banc")
    add(STREET, [(0.6, 0.5)], category="arbre")
    tile = encode(STREET, source(rows=Spot.objects.filter(category="arbre")))
    assert [each["properties"]["category"] for each in read(tile)["points"]] == ["arbre"]
    assert encode(STREET, source(rows=Spot.objects.none())) == b""
    assert encode(Tile(STREET.z, STREET.x + 5, STREET.y), source()) == b""


def test_a_point_on_the_border_is_drawn_on_both_sides(spots):
    add(STREET, [(0.999, 0.5)])
    east = Tile(STREET.z, STREET.x + 1, STREET.y)
    for tile in (STREET, east):
        assert len(read(encode(tile, source()))["points"]) == 1


def test_lines_and_areas_have_a_shape_and_an_anchor_on_it(spots):
    west, south, east, north = STREET.degrees
    width, height = east - west, north - south
    path = Spot.objects.create(
        title="Piste",
        tile_geometry=line(
            (west + width * 0.1, south + height * 0.1), (east - width * 0.1, north - height * 0.1)
        ),
    )
    park = Spot.objects.create(
        title="Parc",
        tile_geometry=area(west + width * 0.2, south, west + width * 0.4, south + height * 0.2),
    )
    layers = read(encode(STREET, source()))
    kinds = {each["id"]: each["geometry"]["type"] for each in layers["shapes"]}
    assert kinds == {path.pk: "LineString", park.pk: "Polygon"}
    anchors = {each["id"]: each["geometry"]["coordinates"] for each in layers["points"]}
    across, down = anchors[park.pk]
    assert 0.2 * 4096 < across < 0.4 * 4096
    assert 0.8 * 4096 < down < 4096
    assert path.pk in anchors


def test_a_shape_is_clipped_and_simplified_to_the_pixel(spots):
    west, south, east, north = STREET.degrees
    steps = 20_000
    Spot.objects.create(
        title="Long",
        tile_geometry=line(
            *[
                (
                    west + (east - west) * (2 * n / steps - 0.5),
                    (south + north) / 2 + (north - south) * 0.0005 * math.sin(n),
                )
                for n in range(steps)
            ]
        ),
    )
    tile = encode(STREET, source())
    [shape] = read(tile)["shapes"]
    positions = shape["geometry"]["coordinates"]
    assert len(positions) < 20
    assert all(-129 <= x <= 4096 + 129 for x, _y in positions)
    assert len(tile) < 500


def test_the_queries_do_not_grow(spots):
    add(STREET, [(0.5, 0.5)])
    with CaptureQueriesContext(connection) as one:
        encode(STREET, source())
    add(STREET, [(0.1 * n, 0.5) for n in range(1, 9)])
    with CaptureQueriesContext(connection) as nine:
        encode(STREET, source())
    assert (len(one), len(nine)) == (1, 1)


# Too many.


def test_above_the_limit_places_are_counted_in_squares(spots):
    add(STREET, [(0.03 + 0.0001 * n, 0.03) for n in range(10)])
    alone = add(STREET, [(0.80, 0.80)], title="Seul")[0]
    assert set(read(encode(STREET, source(), most=11))) == {"points"}
    with CaptureQueriesContext(connection) as queries:
        layers = read(encode(STREET, source(), most=10))
    assert len(queries) == 4
    [cluster] = layers["clusters"]
    assert cluster["properties"] == {"count": 10}
    across, down = cluster["geometry"]["coordinates"]
    assert across == pytest.approx((0.03 + 0.00045) * 4096, abs=1)  # the mean
    assert down == pytest.approx(0.03 * 4096, abs=1)
    [single] = layers["points"]
    assert single["id"] == alone.pk
    assert single["properties"]["title"] == "Seul"


def test_neighbouring_tiles_count_each_place_once(spots):
    # On the very border, and a line whose box touches four tiles.
    add(STREET, [(1.0, 0.5), (0.5, 1.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5)])
    west, south, east, north = Tile(STREET.z - 1, STREET.x // 2, STREET.y // 2).degrees
    Spot.objects.create(title="Piste", tile_geometry=line((west, south), (east, north)))
    total = 0
    for x in range(STREET.x - 2, STREET.x + 3):
        for y in range(STREET.y - 2, STREET.y + 3):
            layers = read(encode(Tile(STREET.z, x, y), source(), most=0))
            total += sum(each["properties"]["count"] for each in layers.get("clusters", []))
            total += len(layers.get("points", []))
    assert total == 6


def test_a_tile_never_weighs_more_than_its_limit(spots):
    places = [(0.01 + 0.98 * (n % 45) / 45, 0.01 + 0.98 * (n // 45) / 45) for n in range(2_000)]
    Spot.objects.bulk_create(
        Spot(title=f"{n} " + "é" * 150, category="banc", tile_geometry=inside(STREET, *at))
        for n, at in enumerate(places)
    )
    tile = encode(STREET, source())
    assert len(tile) <= 100_000
    layers = read(tile)
    assert sum(each["properties"]["count"] for each in layers["clusters"]) == 2_000
    light = encode(STREET, source(properties={"category": "category"}))
    assert len(light) <= 100_000
    assert len(read(light)["points"]) == 2_000


def test_singles_too_heavy_become_circles(spots):
    add(STREET, [(0.06 + 0.125 * (n % 8), 0.06 + 0.125 * (n // 8)) for n in range(64)])
    tile = encode(STREET, source(), most=10, max_bytes=900)
    layers = read(tile)
    assert set(layers) == {"clusters"}
    assert len(layers["clusters"]) == 64


def test_counted_cells_stand_for_the_rows(spots):
    inside_city = [(0.5, 0.5)] * 4 + [(0.9, 0.9)]
    rows = add(CITY, inside_city)
    Cell.objects.create(**at(CITY, 0.51, 0.51), count=1_000)
    Cell.objects.create(**at(CITY, 0.52, 0.51), count=3_000)
    Cell.objects.create(**at(CITY, 0.9, 0.9), count=1, spot_id=rows[-1].pk)
    Cell.objects.create(**at(CITY, 0.1, 0.1), count=0)
    Cell.objects.create(**at(CITY, 1.1, 0.1), count=9)
    cells = CellSource(Cell.objects.all(), feature="spot_id", max_zoom=12)
    with CaptureQueriesContext(connection) as queries:
        layers = read(encode(CITY, source(), cells=cells, most=2))
    reading = [each["sql"] for each in queries if "tests_maps_spot" in each["sql"]]
    assert len(queries) == 3
    assert all(" IN (" in sql for sql in reading), reading
    [cluster] = layers["clusters"]
    assert cluster["properties"]["count"] == 4_000
    assert cluster["geometry"]["coordinates"][0] == pytest.approx(0.5175 * 4096, abs=1)
    assert [each["id"] for each in layers["points"]] == [rows[-1].pk]
    # Deeper than the cells are fine: the rows themselves.
    coarse = CellSource(Cell.objects.all(), max_zoom=11)
    deep = read(encode(CITY, source(), cells=coarse, most=2))
    assert [each["properties"]["count"] for each in deep["clusters"]] == [4]
    # And few enough are shown one by one.
    assert set(read(encode(CITY, source(), cells=cells, most=4_001))) == {"points"}


def at(tile: Tile, across: float, down: float) -> dict[str, float]:
    place = inside(tile, across, down)
    return {"x": place.x, "y": place.y}


def test_rows_are_found_by_the_index(spots):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tests_maps_spot (title, category, email, tile_geometry)"
            " SELECT 'x', 'y', 'z', ST_SetSRID(ST_MakePoint(n * 500, n * 500), 3857)"
            " FROM generate_series(1, 20000) AS n"
        )
        cursor.execute("ANALYZE tests_maps_spot")
    with CaptureQueriesContext(connection) as queries:
        encode(STREET, source())
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on tests_maps_spot" not in plan, plan


# As answers.


def answer(made: list[int], *, version: str = "1", **headers: str):
    request = RequestFactory().get("/tuile", headers=headers)

    def make() -> bytes:
        made.append(1)
        return b"tuile" * 200

    return tile_response(
        request, CITY, make, version=version, filters={"category": "banc"}, keys=["carte-7", "c"]
    )


def test_a_tile_is_kept_and_asked_again_cheaply():
    made: list[int] = []
    first = answer(made)
    assert first["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert first["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"
    assert first["Surrogate-Key"] == "carte-7 c"
    again = answer(made, if_none_match=first["ETag"])
    assert (again.status_code, len(made)) == (304, 1)
    assert again["Surrogate-Key"] == "carte-7 c"
    assert "stale-while-revalidate" in again["Cache-Control"]
    changed = answer(made, version="2", if_none_match=first["ETag"])
    assert (changed.status_code, len(made)) == (200, 2)
    assert changed["ETag"] != first["ETag"]


def test_a_tile_is_compressed():
    plain, small = answer([]), answer([], accept_encoding="gzip")
    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) < len(plain.content)
    assert small["ETag"] == plain["ETag"]
    assert "Accept-Encoding" in plain["Vary"]


def test_every_filter_makes_another_tile():
    request = RequestFactory().get("/tuile")
    filters = [{}, {"category": "banc"}, {"category": "arbre"}, {"status": "banc"}]
    tags = {
        tile_response(request, tile, lambda: b"", version="1", filters=each)["ETag"]
        for each in filters
        for tile in (CITY, STREET)
    }
    assert len(tags) == 8
