"""Pictures of the base maps, fetched for visitors and kept on disk.

A visitor asks only us; the service sees our server, and neither the visitor's address, cookies nor
the page they read.
"""

import contextlib
import hashlib
import logging
import os
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import caches

from maps.base_layers import Tiles, in_use
from maps.breaker import CircuitBreaker
from maps.fetching import Unreachable, fetch
from maps.tiles import NoSuchTile, Tile

logger = logging.getLogger(__name__)

SECONDS = 4.0
MAX_BYTES = 512 * 1024  # a 256-pixel picture weighs a tenth of this
FRESH = 30 * 86_400  # seconds; base maps change a few times a year
ABSENT = 3_600  # seconds before asking again for a picture that the service doesn't have
PATIENCE = 30  # seconds before asking again for one that failed
AT_ONCE = 4  # requests to services at the same time, per process: the site's threads stay free
TURN = 2.0  # seconds that a picture waits for its turn
SWEEP_EVERY = 200  # pictures written between two looks at the folder's size
KEEP_SHARE = 0.8  # of the size allowed, after a sweep

# What a picture starts with: a media type alone may be a service's mistake.
_SIGNATURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n", ".png"),
    "image/jpeg": (b"\xff\xd8\xff", ".jpg"),
    "image/webp": (b"RIFF", ".webp"),
}
_turns = threading.BoundedSemaphore(AT_ONCE)
_breakers: dict[str, CircuitBreaker] = {}
_written = 0


class NoPicture(LookupError):
    """The layer isn't in use, the zoom is too deep, or the service has no picture there."""


class PictureUnavailable(Exception):
    """The service does not answer, or answered something else than a picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image and its media type."""

    body: bytes
    media_type: str

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


def picture(layer: str, z: int, x: int, y: int) -> Picture:
    """The picture of a base map in use, from the disk or from its service.

    When the service fails, an old picture is better than none. Raises `NoPicture` and
    `PictureUnavailable`.
    """
    tiles = in_use().get(layer)
    if tiles is None:
        raise NoPicture(layer)
    try:
        tile = Tile(z, x, y)
    except NoSuchTile as error:
        raise NoPicture(str(error)) from error
    if tile.z > tiles.max_zoom:
        raise NoPicture(str(tile))
    folder = Path(settings.MAP_TILES_DIR) / layer / str(tile.z) / str(tile.x)
    kept, age = _kept(folder, tile.y)
    if kept is not None and age < FRESH:
        return kept
    try:
        found = _asked(layer, tiles, tile)
    except PictureUnavailable:
        if kept is not None:
            return kept
        raise
    _keep(folder, tile.y, found)
    return found


def _asked(layer: str, tiles: Tiles, tile: Tile) -> Picture:
    memory = caches["memory"]
    refusal = f"maps:no-picture:{layer}:{tile}"
    known = memory.get(refusal)
    if known == "absent":
        raise NoPicture(str(tile))
    breaker = _breakers.setdefault(layer, CircuitBreaker(failures=5, pause=PATIENCE))
    if known == "failed" or not breaker.allows():
        raise PictureUnavailable("resting")
    if not _turns.acquire(timeout=TURN):
        raise PictureUnavailable("busy")
    try:
        answer = fetch(
            tiles.address(tile.z, tile.x, tile.y),
            seconds=SECONDS,
            max_bytes=MAX_BYTES,
            accept="image/*",
        )
    except Unreachable as error:
        breaker.failed()
        memory.set(refusal, "failed", PATIENCE)
        raise PictureUnavailable(str(error)) from error
    finally:
        _turns.release()
    if answer.status in (204, 404):
        breaker.succeeded()
        memory.set(refusal, "absent", ABSENT)
        raise NoPicture(str(tile))
    signature, _suffix = _SIGNATURES.get(answer.media_type, (None, ""))
    if answer.status != 200 or signature is None or not answer.body.startswith(signature):
        breaker.failed()
        memory.set(refusal, "failed", PATIENCE)
        raise PictureUnavailable(f"status {answer.status}, {answer.media_type[:40]}")
    breaker.succeeded()
    return Picture(answer.body, answer.media_type)


def _kept(folder: Path, y: int) -> tuple[Picture | None, float]:
    """The picture on disk and its age in seconds."""
    for media_type, (_signature, suffix) in _SIGNATURES.items():
        path = folder / f"{y}{suffix}"
        try:
            body = path.read_bytes()
            age = time.time() - path.stat().st_mtime
        except OSError:
            continue
        return Picture(body, media_type), age
    return None, 0.0


def _keep(folder: Path, y: int, found: Picture) -> None:
    """Write it aside, then in place: a reader never meets half a picture."""
    global _written
    suffix = _SIGNATURES[found.media_type][1]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(found.body)
        os.replace(name, folder / f"{y}{suffix}")
    except OSError as error:
        # A full or read-only disk costs speed, not the map.
        logger.warning("A base map's picture could not be kept: %s", error.strerror)
        return
    _written += 1
    if _written % SWEEP_EVERY == 0:
        sweep()


def sweep() -> int:
    """Remove the pictures that are too old, then the oldest until the rest fits; how many."""
    now = time.time()
    files: list[tuple[float, int, Path]] = []
    for path in Path(settings.MAP_TILES_DIR).rglob("*"):
        # Another process may have removed it since.
        with contextlib.suppress(OSError):
            if path.is_file():
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
    files.sort()
    allowed = settings.MAP_TILES_MEGABYTES * 1_000_000
    total = sum(size for _time, size, _path in files)
    target = allowed * KEEP_SHARE if total > allowed else total
    removed = 0
    for modified, size, path in files:
        # Twice the time: an old picture still serves when its service is down.
        if total <= target and now - modified < 2 * FRESH:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            total -= size
            removed += 1
    return removed
