"""Tiles of a map: the filtered set, nothing private inside, kept and asked again cheaply."""

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import reverse

from maps.tiles import grid
from participation.core.choices import Visibility
from participation.mapping.models import MapContribution, ParticipatoryMap
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


def test_low_zooms_count_squares_only_when_they_know_the_criteria(
    client: Client, monkeypatch: Any
) -> None:
    from participation.mapping.views import tiles as view

    map = make_map()
    category = make_category(map)
    for number in range(3):
        make_map_contribution(map, category=category, geometry=SPOT, title=f"Banc {number}")
    recount_cells(map.pk)
    given = []
    real = view.encode

    def crowded(square: Any, source: Any, *, cells: Any) -> bytes:
        given.append(cells)
        return real(square, source, cells=cells, most=1)

    monkeypatch.setattr(view, "encode", crowded)
    assert b"clusters" in client.get(tile(map, 10, f"?categorie={category.pk}")).content
    assert b"clusters" in client.get(tile(map, 10, "?q=banc")).content
    assert [cells is not None for cells in given] == [True, False]


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
