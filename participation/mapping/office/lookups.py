"""Rows that the screens work on, with all that they show; 404 when there is none."""

from django.shortcuts import get_object_or_404

from participation.mapping.models import MapCategory, MapContribution, ParticipatoryMap


def map_or_404(pk: int) -> ParticipatoryMap:
    return get_object_or_404(
        ParticipatoryMap.objects.select_related("activity__process__perimeter")
        .defer("activity__process__perimeter__geometry")
        .prefetch_related("activity__phases"),
        pk=pk,
    )


def category_or_404(map: ParticipatoryMap, pk: int) -> MapCategory:
    return get_object_or_404(map.categories.select_related("map__activity"), pk=pk)


def contribution_or_404(pk: int) -> MapContribution:
    """A contribution that was sent: a draft is its author's alone."""
    return get_object_or_404(
        MapContribution.objects.exclude(contribution__visibility="draft")
        .select_related(
            "category",
            "map__activity__process__perimeter",
            "contribution__author",
            "contribution__territory",
            "contribution__activity__process",
            "merged_into__contribution",
        )
        .defer(
            "tile_geometry",
            "merged_into__geometry",
            "merged_into__tile_geometry",
            "contribution__territory__geometry",
            "map__activity__process__perimeter__geometry",
        ),
        pk=pk,
    )


def whole_number(text: str) -> int | None:
    """The number that an address holds, or None: digits of other alphabets are not ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
