"""A small invented town: a square of four neighbourhoods near Toulouse."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.cache import caches
from django.utils import translation
from django.utils.safestring import SafeString

from maps import base_layers, base_tiles
from maps.base_layers import Tiles
from maps.choices import TerritoryKind
from maps.models import Territory
from tests.maps.services import PNG, Service, running, send

WEST, SOUTH, SIDE = 1.40, 43.58, 0.04


def square(west: float, south: float, side: float) -> MultiPolygon:
    """A square, its corner and side in degrees."""
    return MultiPolygon(Polygon.from_bbox((west, south, west + side, south + side)), srid=4326)


@pytest.fixture
def town(db: None) -> Territory:
    return Territory.objects.create(
        kind=TerritoryKind.MUNICIPALITY,
        code="99001",
        name="Villebelle",
        geometry=square(WEST, SOUTH, 2 * SIDE),
        source="Contours inventés",
    )


@pytest.fixture
def neighbourhoods(town: Territory) -> list[Territory]:
    """Four quarters: 1 south-west, 2 south-east, 3 north-west, 4 north-east."""
    names = ("Les Minimes", "Saint-Cyprien", "La Roseraie", "L’Été")
    return Territory.objects.bulk_create(
        Territory(
            kind=TerritoryKind.NEIGHBOURHOOD,
            code=f"99001-0{place + 1}",
            name=name,
            parent=town,
            geometry=square(WEST + SIDE * (place % 2), SOUTH + SIDE * (place // 2), SIDE),
        )
        for place, name in enumerate(names)
    )


@pytest.fixture
def render() -> Callable[..., str]:
    """Render a template's text with a context."""
    from django.template import engines

    def _render(text: str, **context: object) -> str:
        return engines["django"].from_string(text).render(context)

    return _render


@pytest.fixture
def english() -> Iterator[None]:
    """Messages as they are in the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def base_map(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The site shows the IGN map, played by a server of this machine."""
    settings.MAP_BASE_LAYER = "ign"
    settings.MAP_TILES_DIR = tmp_path / "tiles"
    caches["memory"].clear()
    monkeypatch.setattr(base_tiles, "_breakers", {})
    with running() as service:
        tiles = Tiles(url=service.url + "/{z}/{y}/{x}", attribution=SafeString("©"), max_zoom=19)
        monkeypatch.setitem(base_layers.TILES, "ign", tiles)
        service.answer = send(200, "image/png", PNG, Set_Cookie="trace=1")
        yield service
