"""Tiles of a map: the filtered set, nothing private inside, kept and asked again cheaply."""

from typing import Any

import mapbox_vector_tile
import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maps.tiles import grid
from participation.core.choices import Visibility
from participation.mapping.models import ClusterCell, MapContribution, ParticipatoryMap
from participation.mapping.tasks import recount_cells
from tests.factories.mapping import make_category, make_map, make_map_contribution, make_map_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
SPOT = Point(1.444, 43.604, srid=4326)


def tile(map: ParticipatoryMap, zoom: int = 14, query: str = "") -> str:
    square = grid.tile_at(SPOT.x, SPOT.y, zoom)
    return reverse("mapping:tile", args=[map.activity.slug, square.z, square.x, square.y]) + query


def test_a_tile_holds_what_is_public_and_nothing_of_its_author(client: Client) -> None:
    map = make_map()
    category = make_category(map)
    for visibility in Visibility.values:
        make_map_contribution(
            map,
            category=category,
            geometry=SPOT,
            title=f"titre-{visibility}",
            visibility=visibility,
        )
    make_map_contribution(map, category=category, geometry=SPOT, title="titre-joint")
    MapContribution.objects.filter(contribution__title="titre-joint").update(
        merged_into=MapContribution.objects.get(contribution__title="titre-published")
    )
    content = client.get(tile(map)).content
    assert content.count(b"titre-") == 1
    assert b"titre-published" in content
    assert str(category.pk).encode() in content


def test_the_filters_of_the_list_narrow_the_tiles(client: Client) -> None:
    map = make_map()
    first, second = make_category(map), make_category(map)
    make_map_contribution(map, category=first, geometry=SPOT, title="Un verger", state="planned")
    make_map_contribution(map, category=second, geometry=SPOT, title="Une piste")
    for query in (f"?categorie={first.pk}", "?q=verger", "?statut=planned"):
        content = client.get(tile(map, query=query)).content
        assert b"verger" in content
        assert b"piste" not in content
    far = client.get(tile(map, query="?pres=43.650,1.500&rayon=200")).content
    assert far == b""


def test_low_zooms_count_squares_only_when_they_know_the_criteria(client: Client) -> None:
    map = make_map()
    category = make_category(map)
    for number in range(3):
        make_map_contribution(map, category=category, geometry=SPOT, title=f"Banc {number}")
    say_crowded(map)
    # Who reads the squares shows a group, who reads the contributions themselves shows three.
    for query in ("", f"?categorie={category.pk}", "?statut=received"):
        assert shown(client, map, query) == {"clusters": [100_000]}
    for query in ("?q=banc", "?du=2000-01-01", "?pres=43.604,1.444&rayon=500"):
        assert shown(client, map, query) == {"points": ["Banc 0", "Banc 1", "Banc 2"]}
    # A category of another map, a state that doesn't exist: as if they were not there.
    for query in ("?categorie=0", "?statut=perdu", "?quartier=0"):
        assert shown(client, map, query) == {"clusters": [100_000]}


def say_crowded(map: ParticipatoryMap) -> None:
    """Have the counted squares tell of a hundred thousand contributions at the same place."""
    recount_cells(map.pk)
    more = 100_000 / F("count")
    ClusterCell.objects.update(count=100_000, sum_x=F("sum_x") * more, sum_y=F("sum_y") * more)


def shown(client: Client, map: ParticipatoryMap, query: str) -> dict[str, list[Any]]:
    """What a tile of zoom 10 holds: sizes of groups, titles of singles."""
    layers = mapbox_vector_tile.decode(client.get(tile(map, 10, query)).content)
    said = {"clusters": "count", "points": "title"}
    return {
        name: sorted(each["properties"][said[name]] for each in layer["features"])
        for name, layer in layers.items()
    }


def test_a_crowded_tile_costs_five_queries_and_never_reads_contributions(
    client: Client,
) -> None:
    map = make_map()
    make_map_contribution(map, category=make_category(map), geometry=SPOT)
    say_crowded(map)
    client.get(tile(map, 8))
    with CaptureQueriesContext(connection) as captured:
        client.get(tile(map, 8))
    reading = [each["sql"] for each in captured if '"core_contribution"' in each["sql"]]
    assert (len(captured), reading) == (5, [])


def test_a_tile_is_asked_again_cheaply_until_something_changes(client: Client) -> None:
    map = make_map()
    row = make_map_contribution(map, geometry=SPOT)
    first = client.get(tile(map))
    assert "public" in first["Cache-Control"]
    again = client.get(tile(map), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    filtered = client.get(tile(map, query="?q=x"), headers={"If-None-Match": first["ETag"]})
    assert filtered.status_code == 200
    MapContribution.objects.filter(pk=row.pk).update(state="planned")
    changed = client.get(tile(map), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_squares_counted_anew_make_other_tiles(client: Client) -> None:
    """The count comes after the change: a tile asked in between must not be kept for good."""
    map = make_map()
    make_map_contribution(map, geometry=SPOT)
    between = client.get(tile(map, 8))
    assert client.get(tile(map, 8), headers={"If-None-Match": between["ETag"]}).status_code == 304
    recount_cells(map.pk)
    after = client.get(tile(map, 8), headers={"If-None-Match": between["ETag"]})
    assert after.status_code == 200


def test_a_map_that_keeps_others_back_gives_no_tile_to_caches(client: Client) -> None:
    map = make_map(shows_others=False)
    make_map_contribution(map, geometry=SPOT)
    assert client.get(tile(map)).status_code == 404
    client.force_login(make_map_officer(), backend=BACKEND)
    response = client.get(tile(map))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_no_such_square(client: Client) -> None:
    map = make_map()
    assert client.get(f"/carte/{map.activity.slug}/tuiles/2/9/9.mvt").status_code == 404
    assert client.get(f"/carte/{map.activity.slug}/tuiles/99/0/0.mvt").status_code == 404


def test_the_card_is_for_those_who_may_read(client: Client) -> None:
    map = make_map()
    row = make_map_contribution(map, geometry=SPOT, title="Un banc")
    hidden = make_map_contribution(map, geometry=SPOT, visibility=Visibility.HIDDEN)
    page = client.get(reverse("mapping:card", args=[map.activity.slug, row.pk]))
    assert "Un banc" in page.text
    assert "<html" not in page.text
    missing = client.get(reverse("mapping:card", args=[map.activity.slug, hidden.pk]))
    assert missing.status_code == 404
