"""Outlines that would take minutes and gigabytes to check or to mend, told beforehand.

The cost of checking grows with the pairs of edges whose boxes meet, that of mending with the pairs
that cross. Both are counted on every pair when there are few edges, on a sample otherwise.
"""

import struct
from collections.abc import Iterator

import numpy as np
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _

from maps.intake.outcomes import FeatureRefused

SAMPLE = 200_000
MAX_MEETINGS = 20_000_000
MAX_CROSSINGS = 20_000
EASY = 2_000  # edges: at most two million pairs, checked in a fraction of a second


def refuse_tangled(geometry: GEOSGeometry) -> None:
    """Raises `FeatureRefused` when even checking the outline would take too long."""
    if geometry.num_coords > EASY and _estimates(geometry)[0] > MAX_MEETINGS:
        raise FeatureRefused(_("its outline is too intricate to be checked: simplify it"))


def refuse_knotted(geometry: GEOSGeometry) -> None:
    """Raises `FeatureRefused` when the outline crosses itself too often to be mended."""
    if _estimates(geometry)[1] > MAX_CROSSINGS:
        raise FeatureRefused(_("its outline crosses itself too many times: draw it again"))


def _estimates(geometry: GEOSGeometry) -> tuple[float, float]:
    """How many pairs of edges have boxes that meet, and how many cross (estimates)."""
    edges = np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in _rings(geometry)])
    count = len(edges)
    pairs = count * (count - 1) / 2
    if pairs <= SAMPLE:
        one, other = np.triu_indices(count, k=1)
        weight = 1.0
    else:
        # The same file always gets the same answer.
        draw = np.random.default_rng(count)
        one, other = draw.integers(0, count, SAMPLE), draw.integers(0, count, SAMPLE)
        weight = pairs / SAMPLE
    meeting, crossing = _pairs(edges[one], edges[other])
    return float(meeting.sum()) * weight, float(crossing.sum()) * weight


def _rings(geometry: GEOSGeometry) -> Iterator[np.ndarray]:
    """The positions of each ring, read from GEOS's binary in one go and not one by one."""
    binary = bytes(geometry.wkb)
    several = geometry.geom_type != "Polygon"
    at = 5
    polygons = 1
    if several:
        (polygons,) = struct.unpack_from("<I", binary, at)
        at += 4
    for _polygon in range(polygons):
        at += 5 if several else 0
        (rings,) = struct.unpack_from("<I", binary, at)
        at += 4
        for _ring in range(rings):
            (count,) = struct.unpack_from("<I", binary, at)
            yield np.frombuffer(binary, "<f8", 2 * count, at + 4).reshape(count, 2)
            at += 4 + 16 * count


def _pairs(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ax, ay, bx, by = one.T
    cx, cy, dx, dy = other.T
    meeting = (
        (np.minimum(ax, bx) < np.maximum(cx, dx))
        & (np.minimum(cx, dx) < np.maximum(ax, bx))
        & (np.minimum(ay, by) < np.maximum(cy, dy))
        & (np.minimum(cy, dy) < np.maximum(ay, by))
    )

    crossing = (
        meeting
        & (_side(ax, ay, bx, by, cx, cy) * _side(ax, ay, bx, by, dx, dy) < 0)
        & (_side(cx, cy, dx, dy, ax, ay) * _side(cx, cy, dx, dy, bx, by) < 0)
    )
    return meeting, crossing


def _side(
    px: np.ndarray, py: np.ndarray, qx: np.ndarray, qy: np.ndarray, rx: np.ndarray, ry: np.ndarray
) -> np.ndarray:
    """On which side of the line from p to q each r lies: -1, 0 or 1."""
    sides: np.ndarray = np.sign((qx - px) * (ry - py) - (qy - py) * (rx - px))
    return sides
