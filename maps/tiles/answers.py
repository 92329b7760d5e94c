"""A tile as an answer: kept by browsers and shared caches, and asked again cheaply."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import get_conditional_response, patch_cache_control

from maps.tiles.encoding import MEDIA_TYPE
from maps.tiles.grid import Tile

MAX_AGE = 60  # seconds
STALE = 600  # seconds during which a cache may answer with the old tile while it asks for a new one


def tile_response(
    request: HttpRequest,
    tile: Tile,
    make: Callable[[], bytes],
    *,
    version: str,
    filters: Mapping[str, Any] | None = None,
    keys: Iterable[str] = (),
    max_age: int = MAX_AGE,
) -> HttpResponse:
    """The tile that `make` encodes, or 304 without calling it when the reader has it already.

    - `version`: changes whenever what the tile shows may have changed;
    - `filters`: what narrows the rows, in any order;
    - `keys`: surrogate keys by which a shared cache drops the tile (`Surrogate-Key`).

    The same for everybody: never call it for what only some may see.
    """
    etag = _etag(version, tile, filters or {})
    response = get_conditional_response(request, etag=etag) or _compressed(
        request, HttpResponse(make(), content_type=MEDIA_TYPE)
    )
    response["ETag"] = etag
    if words := " ".join(keys):
        response["Surrogate-Key"] = words
    patch_cache_control(response, public=True, max_age=max_age, stale_while_revalidate=STALE)
    return response


def _compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For the readers that accept it."""
    GZipMiddleware(lambda _request: response).process_response(request, response)
    return response


def _etag(version: str, tile: Tile, filters: Mapping[str, Any]) -> str:
    """Weak: compressed or not, it is the same tile."""
    asked = "&".join(f"{name}={filters[name]!r}" for name in sorted(filters))
    digest = hashlib.sha256(f"{version}\n{tile}\n{asked}".encode()).hexdigest()
    return f'W/"{digest[:32]}"'
