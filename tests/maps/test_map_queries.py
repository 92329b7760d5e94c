"""Reads: by index, and in metres."""

import datetime

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from maps import queries
from maps.base_layers import TILES, leaflet_tiles, tiles_of
from maps.choices import BaseLayer, TerritoryKind
from maps.csp import image_sources
from maps.models import Territory
from maps.projections import projected_srid, srid_for
from maps.references import UnknownTerritory, find, reference
from tests.maps.conftest import square

KINDS = (TerritoryKind.NEIGHBOURHOOD, TerritoryKind.MUNICIPALITY)
HERE = Point(1.41, 43.59, srid=4326)


def test_the_narrowest_territory_comes_first(town, neighbourhoods):
    assert queries.territory_at(HERE, kinds=KINDS) == neighbourhoods[0]
    assert queries.territory_at(HERE, kinds=[TerritoryKind.MUNICIPALITY]) == town
    assert queries.territory_at(HERE, kinds=[TerritoryKind.CANTON]) is None
    assert queries.territory_at(Point(9, 9, srid=4326), kinds=KINDS) is None


def test_a_border_belongs_to_both_and_the_first_code_wins(town, neighbourhoods):
    border = Point(1.44, 43.59, srid=4326)
    assert queries.territory_at(border, kinds=KINDS) == neighbourhoods[0]


def test_validity(town, neighbourhoods):
    Territory.objects.filter(pk=neighbourhoods[0].pk).update(valid_to=datetime.date(2026, 1, 1))
    before, after = datetime.date(2025, 12, 31), datetime.date(2026, 1, 1)
    assert queries.territory_at(HERE, kinds=KINDS, day=before) == neighbourhoods[0]
    assert queries.territory_at(HERE, kinds=KINDS, day=after) == town
    assert queries.children(town, day=after).count() == 3


def test_a_point_is_found_by_the_index(town, neighbourhoods):
    Territory.objects.bulk_create(
        Territory(
            kind=TerritoryKind.CANTON,
            code=str(number),
            name="Ailleurs",
            geometry=square(-4 + 0.02 * (number % 60), 45 + 0.02 * (number // 60), 0.01),
        )
        for number in range(2_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE maps_territory")
    plan = queries.territories_at(HERE, kinds=KINDS).explain()
    assert "Index Scan using maps_territory_geometry" in plan or (
        "Bitmap Index Scan on maps_territory_geometry" in plan
    ), plan


def test_no_boundary_is_loaded_to_find_a_place(town, neighbourhoods, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        queries.territory_at(HERE, kinds=KINDS)
    selected = asked.captured_queries[0]["sql"].split(" FROM ")[0]
    assert "geometry" not in selected


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "srid"),
    [
        ("Toulouse", 1.44, 43.60, 2154),
        ("Ajaccio", 8.74, 41.93, 2154),
        ("Le Tampon", 55.52, -21.28, 2975),
        ("Pointe-à-Pitre", -61.53, 16.24, 5490),
        ("Fort-de-France", -61.07, 14.60, 5490),
        ("Cayenne", -52.33, 4.93, 2972),
        ("Mamoudzou", 45.23, -12.78, 4471),
        ("Saint-Pierre", -56.17, 46.78, 4467),
    ],
)
def test_the_legal_projection(place, longitude, latitude, srid):
    assert projected_srid(longitude, latitude) == srid
    assert srid_for(Point(longitude, latitude, srid=4326)) == srid


def test_areas_and_distances_are_in_metres(town):
    # A degree of latitude is about 111 km; at 43.6° a degree of longitude is about 80.6 km.
    assert queries.area_square_metres(town) == pytest.approx(
        0.08 * 111_100 * 0.08 * 80_600, rel=0.01
    )
    away = queries.distance_metres(HERE, Point(1.41, 43.60, srid=4326))
    assert away == pytest.approx(1_111, rel=0.01)
    assert queries.srid_of(Territory.objects.light().get()) == 2154


def test_distances_in_la_reunion():
    first, second = Point(55.5, -21.2, srid=4326), Point(55.5, -21.21, srid=4326)
    assert queries.distance_metres(first, second) == pytest.approx(1_107, rel=0.01)


def test_the_version_changes_with_any_row(town, neighbourhoods):
    rows = Territory.objects.filter(parent=town)
    first = queries.version(rows)
    assert queries.version(rows) == first
    neighbourhoods[2].save()
    assert queries.version(rows) != first
    assert queries.version(Territory.objects.none().filter(code="0")) == "empty"


def test_references(town):
    assert reference(town) == "municipality:99001"
    assert find("municipality:99001") == town
    with pytest.raises(UnknownTerritory):
        find("municipality:1")


@pytest.mark.parametrize("layer", BaseLayer.values)
def test_the_policy_names_the_host_of_each_base_map(layer):
    tiles = tiles_of(layer)
    assert image_sources([layer], proxied=False) == ([tiles.host] if tiles else [])
    assert image_sources([layer], proxied=True) == []
    assert bool(leaflet_tiles(layer)) == (layer in TILES)


def test_an_unknown_base_map_stops_the_start():
    for layers in (["google"], ["ign", "google"]):
        with pytest.raises(ValueError, match="none, ign, aerial, osm"):
            image_sources(layers, proxied=True)


def test_hosts_are_named_once():
    assert image_sources(["ign", "aerial", "osm"], proxied=False) == [
        "https://data.geopf.fr",
        "https://tile.openstreetmap.org",
    ]
