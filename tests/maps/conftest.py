"""A small invented town: a square of four neighbourhoods near Toulouse."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import translation

from maps.choices import TerritoryKind
from maps.models import Territory

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
