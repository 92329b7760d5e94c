"""The national geocoder, played by a server of this machine; the gazetteer; the circuit breaker."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse

from maps import geocoding
from maps.breaker import CircuitBreaker
from maps.geocoding import geoplateforme
from maps.models import Territory
from tests.maps.services import Service, drip, running, send

pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = [1.42, 43.6], [2.35, 48.85]


@pytest.fixture
def service(settings, monkeypatch) -> Iterator[Service]:
    settings.MAP_GEOCODER = "maps.geocoding.Geoplateforme"
    monkeypatch.setattr(geoplateforme, "_breaker", CircuitBreaker())
    with running() as running_service:
        settings.MAP_GEOCODER_URL = running_service.url + "/geocodage/"
        yield running_service


def collection(*features: Any) -> Any:
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return send(200, "application/json; charset=utf-8", body)


def address(label: Any, score: Any = 0.9, at: Any = INSIDE, **more: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": at},
        "properties": {"label": label, "score": score, "city": "Villebelle"} | more,
    }


def labels(found: geocoding.Found) -> list[str]:
    return [place.label for place in found.places]


def test_an_address_in_a_commune(service, town):
    service.answer = collection(address("12 rue du Taur"), address("Rue douteuse", 0.49))
    found = geocoding.search("12  rue du\ntaur", within=town)
    assert labels(found) == ["12 rue du Taur"]
    assert found.places[0].point.coords == (1.42, 43.6)
    [(path, query, _headers)] = service.received
    assert path == "/geocodage/search"
    assert query == {
        "q": "12 rue du taur",
        "limit": "8",
        "autocomplete": "0",
        "index": "address,poi",
        "citycode": "99001",
    }


def test_a_neighbourhood_restricts_to_its_commune_then_to_itself(service, town, neighbourhoods):
    service.answer = collection(
        address("Dedans", at=[1.41, 43.59]), address("À côté", at=[1.46, 43.59])
    )
    within = Territory.objects.light().get(pk=neighbourhoods[0].pk)
    assert labels(geocoding.search("rue", within=within)) == ["Dedans"]
    assert service.received[0][1]["citycode"] == "99001"


def test_a_wider_territory_keeps_what_is_inside(service, town):
    town.kind = "intercommunality"
    town.save()
    service.answer = collection(address("Loin", at=OUTSIDE), address("Ici"))
    assert labels(geocoding.search("rue", within=town)) == ["Ici"]
    query = service.received[0][1]
    assert "citycode" not in query
    assert (query["lon"], query["lat"]) == ("1.44000", "43.62000")


def test_a_named_place_says_where_it_is(service):
    park = address(None, toponym="Parc", name=["Parc", "Jardin"], city=["Villebelle", "Autre"])
    service.answer = collection(park)
    assert labels(geocoding.search("parc")) == ["Parc (Villebelle)"]


@pytest.mark.parametrize(
    "feature",
    [
        {},
        None,
        "x",
        {"geometry": None, "properties": {}},
        address("", 0.9),
        address("Sans note", None),
        address("NaN", float("nan")),
        address("Loin", at=[float("nan"), 43]),
        address("Hors du monde", at=[400, 43]),
        address("Sans place", at=[]),
        address({"a": 1}),
    ],
)
def test_what_is_unsound_is_left_out(service, feature):
    service.answer = collection(feature, address("Bon"))
    assert labels(geocoding.search("rue")) == ["Bon"]


@pytest.mark.parametrize(
    "answer",
    [
        send(500, "application/json", b"{}"),
        send(200, "text/html", b"<html>"),
        send(200, "application/json", b"[]"),
        send(200, "application/json", b'{"features": 3}'),
        send(200, "application/json", b"[" * 100_000),
        send(200, "application/json", b" " * (geoplateforme.MAX_BYTES + 1)),
        send(302, "application/json", b"", Location="http://127.0.0.1:1/"),
    ],
    ids=["error", "page", "list", "number", "deep", "huge", "elsewhere"],
)
def test_nonsense_is_no_answer(service, answer):
    service.answer = answer
    assert geocoding.search("rue") == geocoding.Found(available=False)
    assert len(service.received) == 1


@pytest.mark.parametrize("way", ["slow", "dripping"])
def test_a_slow_service_never_blocks_a_form(service, client, town, way, caplog):
    if way == "slow":
        service.answer = send(200, "application/json", b"{}", wait=60)
    else:
        service.answer = drip("application/json", b"{", seconds=60)
    start = time.monotonic()
    response = client.get(reverse("maps:places"), {"q": "12 rue Secrète"})
    assert time.monotonic() - start < 30  # on however slow a machine
    assert response.json() == {"available": False, "places": []}
    assert "Secrète" not in caplog.text


def test_a_service_that_is_down_is_left_alone(service, settings, monkeypatch):
    now = [0.0]
    breaker = CircuitBreaker(failures=3, pause=30, clock=lambda: now[0])
    monkeypatch.setattr(geoplateforme, "_breaker", breaker)
    service.answer = send(500, "text/plain", b"")
    for _time in range(6):
        assert not geocoding.search("rue").available
    assert len(service.received) == 3
    now[0] = 31
    service.answer = collection(address("Revenu"))
    assert labels(geocoding.search("rue")) == ["Revenu"]
    assert labels(geocoding.search("rue")) == ["Revenu"]
    assert len(service.received) == 5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("100000", 60),
        ("", 5),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 5),
        ("-3", 1),
        ("nan", 5),
    ],
)
def test_too_many_requests_are_followed_by_patience(service, monkeypatch, header, seconds):
    now = [100.0]
    monkeypatch.setattr(geoplateforme, "_breaker", CircuitBreaker(clock=lambda: now[0]))
    service.answer = send(429, "text/plain", b"", Retry_After=header)
    assert not geocoding.search("rue").available
    service.answer = collection(address("Rue"))
    now[0] = 100 + seconds - 0.1
    assert not geocoding.search("rue").available
    assert len(service.received) == 1
    now[0] = 100 + seconds
    assert labels(geocoding.search("rue")) == ["Rue"]


def test_a_question_without_sense_finds_nothing(service):
    service.answer = send(400, "application/json", b'{"code": 400}')
    for _time in range(5):
        assert geocoding.search("%%") == geocoding.Found()


def test_what_is_at_a_place(service):
    service.answer = collection(address("12 rue du Taur", at=[1.4201, 43.6001]))
    found = geocoding.reverse(Point(1.42, 43.6, srid=4326))
    assert labels(found) == ["12 rue du Taur"]
    [(path, query, _headers)] = service.received
    assert path == "/geocodage/reverse"
    assert (query["lon"], query["lat"]) == ("1.420000", "43.600000")
    service.answer = collection(address("Trop loin", at=[1.43, 43.6]))
    assert geocoding.reverse(Point(1.42, 43.6, srid=4326)) == geocoding.Found()
    service.answer = send(500, "text/plain", b"")
    assert not geocoding.reverse(Point(1.42, 43.6, srid=4326)).available


def test_the_gazetteer_says_which_territory(town, neighbourhoods):
    found = geocoding.reverse(Point(1.41, 43.59, srid=4326))
    assert labels(found) == ["Les Minimes"]
    assert found.places[0].territory_id == neighbourhoods[0].pk
    assert geocoding.reverse(Point(9, 9, srid=4326)) == geocoding.Found()


def test_after_a_pause_one_caller_tries_for_all():
    now = [0.0]
    breaker = CircuitBreaker(failures=2, pause=10, clock=lambda: now[0])
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    now[0] = 10
    assert [breaker.allows() for _time in range(3)] == [True, False, False]
    breaker.failed()
    now[0] = 19
    assert not breaker.allows()
    now[0] = 20
    assert breaker.allows()
    breaker.succeeded()
    assert [breaker.allows() for _time in range(3)] == [True, True, True]
