"""Public reads: boundaries for the background, places by name."""

import json

import pytest
from django.urls import reverse

from maps import geocoding
from maps.geocoding import GeocoderUnavailable, Place
from maps.models import Territory

pytestmark = pytest.mark.django_db
URL = "/cartes/territoires.geojson"
ASKED = {"parent": "municipality:99001", "kind": "neighbourhood"}


def test_boundaries_of_a_town(client, town, neighbourhoods, django_assert_num_queries):
    with django_assert_num_queries(5):  # parent twice, version, extent, boundaries
        response = client.get(URL, ASKED)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/geo+json"
    assert response["Cache-Control"] == "public, max-age=3600"
    read = json.loads(response.content)
    facts = [
        (each["properties"]["role"], each["properties"]["code"], each["geometry"]["type"])
        for each in read["features"]
    ]
    assert facts == [
        ("outline", "99001", "Polygon"),
        *[("part", f"99001-0{n}", "Polygon") for n in (1, 2, 3, 4)],
    ]
    assert read["bbox"] == [1.4, 43.58, 1.48, 43.66]
    assert read["attribution"] == "Contours inventés"  # the outline's: its parts have none
    west, south = read["features"][1]["properties"]["anchor"]
    assert 1.40 < west < 1.44
    assert 43.58 < south < 43.62


def test_the_same_number_of_queries_with_one_part(client, town, django_assert_num_queries):
    Territory.objects.create(
        kind="neighbourhood", code="99001-01", name="Seul", parent=town, geometry=town.geometry
    )
    with django_assert_num_queries(5):
        assert len(json.loads(client.get(URL, ASKED).content)["features"]) == 2


def test_not_modified_until_a_row_changes(client, town, neighbourhoods, django_assert_num_queries):
    etag = client.get(URL, ASKED)["ETag"]
    with django_assert_num_queries(2):  # parent, version: no boundary is read
        again = client.get(URL, ASKED, headers={"if-none-match": etag})
    assert again.status_code == 304
    Territory.objects.filter(pk=neighbourhoods[0].pk).update(name="Autre nom")
    changed = client.get(URL, ASKED, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed["ETag"] != etag


def test_it_is_compressed_and_light(client, town, neighbourhoods):
    plain = client.get(URL, ASKED)
    small = client.get(URL, ASKED, headers={"accept-encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) < len(plain.content)
    assert "Accept-Encoding" in small["Vary"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"parent": "municipality"},
        {"parent": "municipality:0"},
        {"parent": "planet:1"},
        {"parent": "municipality:\x00"},
        {"parent": "municipality:99001", "kind": "street"},
        {"parent": "municipality:99001' OR 1=1 --"},
    ],
)
def test_unknown_territories(client, town, asked):
    response = client.get(URL, asked)
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")


def test_too_many_parts(client, town, neighbourhoods, monkeypatch):
    monkeypatch.setattr("maps.views.MAX_TERRITORIES", 4)
    assert client.get(URL, ASKED).status_code == 400


def test_only_reads(client, town):
    assert client.post(URL, ASKED).status_code == 405
    assert client.post(reverse("maps:places")).status_code == 405


def places(client, **asked: str) -> dict:
    response = client.get(reverse("maps:places"), asked)
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    return json.loads(response.content)


def test_places_by_name(client, town, neighbourhoods):
    found = places(client, q="minime", within="municipality:99001")
    assert found["available"] is True
    assert [place["label"] for place in found["places"]] == ["Les Minimes"]
    assert found["places"][0]["territory"] == neighbourhoods[0].pk
    assert [place["label"] for place in places(client, q="ete")["places"]] == ["L’Été"]


@pytest.mark.parametrize("text", ["", " ", "x", "%%", "\x00\x00", "zzzzzz", "a" * 5000])
def test_texts_that_find_nothing(client, town, neighbourhoods, text):
    assert places(client, q=text) == {"available": True, "places": []}


class Silent:
    def search(self, text, *, within, limit):
        raise GeocoderUnavailable


class Doubtful:
    def search(self, text, *, within, limit):
        from django.contrib.gis.geos import Point

        return [Place("sûr", Point(1, 43), 0.9), Place("douteux", Point(1, 43), 0.4)]


def test_a_geocoder_that_does_not_answer_blocks_nothing(client, settings, town):
    settings.MAP_GEOCODER = f"{__name__}.Silent"
    assert places(client, q="rue du Taur") == {"available": False, "places": []}


def test_doubtful_matches_are_refused(settings):
    settings.MAP_GEOCODER = f"{__name__}.Doubtful"
    assert [place.label for place in geocoding.search("rue").places] == ["sûr"]
