"""Pictures of base maps: fetched for visitors, kept, bounded, and nothing said of who asks."""

import os
import time
from pathlib import Path

import pytest
from django.core.cache import caches
from django.utils.safestring import SafeString

from maps import base_layers, base_tiles
from maps.base_layers import Tiles
from tests.maps.services import PNG, drip, hang_up, send

# A path that isn't found is looked up among the editors' redirections.
pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0" + b"photo" * 20
URL = "/cartes/fonds/ign/12/2064/1495"


def kept() -> list[Path]:
    from django.conf import settings

    return sorted(path for path in Path(settings.MAP_TILES_DIR).rglob("*") if path.is_file())


def test_a_picture_is_asked_once_and_kept(client, base_map):
    for _time in range(3):
        response = client.get(URL)
        assert (response.status_code, response["Content-Type"]) == (200, "image/png")
        assert response.content == PNG
    assert base_map.paths == ["/12/1495/2064"]
    assert [path.name for path in kept()] == ["1495.png"]
    assert "public" in response["Cache-Control"]
    assert "max-age=604800" in response["Cache-Control"]
    again = client.get(URL, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_nothing_of_the_visitor_goes_to_the_service_nor_back(client, base_map):
    client.cookies["sessionid"] = "secret-session"
    response = client.get(
        URL,
        headers={
            "referer": "https://ville.example/ma-page",
            "user-agent": "Navigateur de Camille",
            "accept-language": "br",
            "x-forwarded-for": "203.0.113.9",
        },
        REMOTE_ADDR="203.0.113.9",
    )
    [(_path, query, headers)] = base_map.received
    assert query == {}
    assert {name.lower() for name in headers} == {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "connection",
    }
    told = str(headers)
    for secret in ("secret-session", "ma-page", "Camille", "203.0.113.9", "br'"):
        assert secret not in told
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(
    "url",
    [
        "/cartes/fonds/osm/12/2064/1495",  # known, but not in use here
        "/cartes/fonds/google/12/2064/1495",
        "/cartes/fonds/none/0/0/0",
        "/cartes/fonds/ign/20/0/0",  # deeper than the layer
        "/cartes/fonds/ign/3/8/0",  # outside the grid
        "/cartes/fonds/ign/99999999999/0/0",
    ],
)
def test_only_the_layers_in_use_within_their_grid(client, base_map, url):
    assert client.get(url).status_code == 404
    assert base_map.received == []


def test_extra_layers_are_in_use_too(client, base_map, settings, monkeypatch):
    settings.MAP_EXTRA_LAYERS = ["aerial"]
    tiles = Tiles(url=base_map.url + "/photo/{z}", attribution=SafeString("©"), max_zoom=19)
    monkeypatch.setitem(base_layers.TILES, "aerial", tiles)
    base_map.answer = send(200, "image/jpeg", JPEG)
    response = client.get("/cartes/fonds/aerial/12/2064/1495")
    assert (response.content, response["Content-Type"]) == (JPEG, "image/jpeg")
    assert [path.suffix for path in kept()] == [".jpg"]


def test_without_the_proxy_there_is_nothing_here(client, base_map, settings):
    settings.MAP_TILES_PROXY = False
    assert client.get(URL).status_code == 404
    assert base_layers.leaflet_tiles()[0][1].startswith(base_map.url)
    settings.MAP_TILES_PROXY = True
    assert base_layers.leaflet_tiles()[0][1] == "/cartes/fonds/ign/{z}/{x}/{y}"


@pytest.mark.parametrize(
    "answer",
    [
        send(200, "text/html", b"<html>Maintenance</html>"),
        send(200, "image/png", b"<html>not what it says</html>"),
        send(200, "image/svg+xml", b"<svg onload='x'/>"),
        send(200, "image/png", PNG + b"x" * base_tiles.MAX_BYTES),
        send(500, "image/png", PNG),
        send(302, "image/png", PNG, Location="http://127.0.0.1:1/"),
        send(429, "text/plain", b"", Retry_After="5"),
    ],
    ids=["page", "false", "svg", "huge", "error", "elsewhere", "too-many"],
)
def test_what_is_no_picture_is_refused_and_not_asked_again_at_once(client, base_map, answer):
    base_map.answer = answer
    for _time in range(3):
        response = client.get(URL)
        assert response.status_code == 503
        assert response["Retry-After"] == "30"
        assert "no-store" in response["Cache-Control"]
        assert response.content == b""
    assert len(base_map.received) == 1
    assert kept() == []


def test_an_absent_picture_is_remembered(client, base_map):
    base_map.answer = send(404, "text/xml", b"<ExceptionReport/>")
    for _time in range(3):
        response = client.get(URL)
        assert response.status_code == 404
        assert "public" in response["Cache-Control"]
    assert len(base_map.received) == 1


@pytest.mark.parametrize("way", ["slow", "dripping"])
def test_a_slow_service_costs_a_known_time(client, base_map, monkeypatch, way):
    monkeypatch.setattr(base_tiles, "SECONDS", 0.4)
    if way == "slow":
        base_map.answer = send(200, "image/png", PNG, wait=60)
    else:
        base_map.answer = drip("image/png", PNG, seconds=60)
    start = time.monotonic()
    assert client.get(URL).status_code == 503
    assert time.monotonic() - start < 30  # on however slow a machine


def test_a_service_that_is_down_is_left_alone(client, base_map):
    base_map.answer = hang_up
    for x in range(20):
        assert client.get(f"/cartes/fonds/ign/12/{x}/0").status_code == 503
    assert len(base_map.received) == 5


def test_an_old_picture_is_better_than_none(client, base_map):
    client.get(URL)
    [path] = kept()
    old = time.time() - base_tiles.FRESH - 10
    os.utime(path, (old, old))
    base_map.answer = send(500, "text/plain", b"")
    assert client.get(URL).content == PNG
    assert len(base_map.received) == 2
    caches["memory"].clear()
    base_map.answer = send(200, "image/png", PNG + b"new")
    assert client.get(URL).content == PNG + b"new"
    assert client.get(URL).content == PNG + b"new"
    assert len(base_map.received) == 3


def test_the_folder_stays_within_its_limit(client, base_map, settings):
    settings.MAP_TILES_MEGABYTES = 0.001
    for x in range(20):
        client.get(f"/cartes/fonds/ign/12/{x}/0")
    now = time.time()
    for place, path in enumerate(sorted(kept(), key=lambda each: int(each.parent.name))):
        os.utime(path, (now - 1000 + place, now - 1000 + place))
    assert base_tiles.sweep() > 0
    left = kept()
    assert sum(path.stat().st_size for path in left) <= 1000 * base_tiles.KEEP_SHARE
    assert {int(path.parent.name) for path in left} == set(range(20 - len(left), 20))
    settings.MAP_TILES_MEGABYTES = 500
    very_old = now - 3 * base_tiles.FRESH
    os.utime(left[0], (very_old, very_old))
    assert base_tiles.sweep() == 1


def test_the_folder_is_swept_as_it_fills(client, base_map, settings, monkeypatch):
    monkeypatch.setattr(base_tiles, "SWEEP_EVERY", 5)
    settings.MAP_TILES_MEGABYTES = 0.0005
    for x in range(15):
        client.get(f"/cartes/fonds/ign/12/{x}/0")
    assert sum(path.stat().st_size for path in kept()) <= 500 + 5 * len(PNG)


def test_a_folder_that_cannot_be_written_costs_speed_only(client, base_map, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.MAP_TILES_DIR = tmp_path / "file" / "tiles"
    assert client.get(URL).content == PNG
    assert client.get(URL).content == PNG
    assert len(base_map.received) == 2
