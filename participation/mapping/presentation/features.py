"""Contributions as features of a map and of GeoJSON."""

from typing import Any

from django.urls import reverse

from maps.geojson import Feature
from participation.mapping.models import MapContribution


def feature_of(row: MapContribution, *, slug: str, whole: bool = False) -> Feature:
    """One contribution. `whole` adds its text and figures, for a file; the author is left out."""
    spine = row.contribution
    properties: dict[str, Any] = {
        "title": spine.title,
        "url": reverse("mapping:contribution", args=[slug, row.pk]),
        "summary": spine.territory.name if spine.territory else spine.address,
        "category": row.category.name,
        "icon": row.category.icon,
        "tone": row.category.tone,
        "pattern": row.category.pattern,
        "status": str(row.get_state_display()),
    }
    if whole:
        properties |= {
            "number": spine.receipt_number,
            "text": spine.body,
            "district": spine.territory.name if spine.territory else "",
            "address": spine.address,
            "submitted_at": spine.submitted_at,
            "supports": spine.supports_count,
            "comments": spine.comments_count,
        }
    return Feature(id=row.pk, geometry=row.geometry, properties=properties)


def frame_of(row: MapContribution) -> tuple[float, float, float, float] | None:
    """What a map of one contribution shows: the drawing and a hundred metres around, in degrees."""
    if row.geometry is None:
        return None
    west, south, east, north = row.geometry.extent
    margin = max(0.0015, (east - west) / 4, (north - south) / 4)
    return west - margin, south - margin, east + margin, north + margin
