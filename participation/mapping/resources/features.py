"""Contributions as features of geographic files, read as they are written."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from maps.geojson import Feature
from participation.mapping.models import MapContribution

FIELDS = (
    "numero",
    "titre",
    "texte",
    "categorie",
    "quartier",
    "adresse",
    "etat",
    "soutiens",
    "date",
    "auteur",
    "adresse_web",
)
_BATCH = 500


def contribution_features(rows: QuerySet[MapContribution], *, slug: str) -> Iterator[Feature]:
    """Each contribution with its drawing, in constant memory. `slug` is that of its map.

    Only what is online should be handed in: the file may be published.
    """
    found = rows.select_related(
        "category", "contribution__author", "contribution__territory"
    ).defer("tile_geometry", "contribution__territory__geometry")
    for row in found.iterator(chunk_size=_BATCH):
        spine = row.contribution
        at = spine.submitted_at
        yield Feature(
            row.pk,
            row.geometry,
            {
                "numero": spine.receipt_number,
                "titre": spine.title,
                "texte": spine.body,
                "categorie": row.category.name,
                "quartier": spine.territory.name if spine.territory else "",
                "adresse": spine.address,
                "etat": str(row.get_state_display()),
                "soutiens": spine.supports_count,
                "date": f"{timezone.localtime(at):%Y-%m-%d}" if at else "",
                "auteur": spine.author_name,
                "adresse_web": settings.SITE_URL
                + reverse("mapping:contribution", args=[slug, row.pk]),
            },
        )
