"""Contributions as lines of a spreadsheet."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.mapping.models import MapContribution

HEADS = (
    _("number"),
    _("title"),
    _("text"),
    _("category"),
    _("district"),
    _("address"),
    _("latitude"),
    _("longitude"),
    _("kind of drawing"),
    _("drawing (WKT)"),
    _("status"),
    _("date"),
    _("supports"),
    _("comments"),
    _("page"),
)
_DECIMALS = 6


def line_of(row: MapContribution, *, slug: str) -> list[str]:
    """One contribution, its author left out; coordinates with a point, in degrees."""
    spine = row.contribution
    point = spine.point
    shape = row.shape
    return [
        spine.receipt_number,
        spine.title,
        spine.body,
        row.category.name,
        spine.territory.name if spine.territory else "",
        spine.address,
        f"{point.y:.{_DECIMALS}f}" if point else "",
        f"{point.x:.{_DECIMALS}f}" if point else "",
        str(shape.label) if shape else "",
        row.geometry.wkt if row.geometry else "",
        str(row.get_state_display()),
        timezone.localtime(spine.submitted_at).date().isoformat() if spine.submitted_at else "",
        str(spine.supports_count),
        str(spine.comments_count),
        f"{settings.SITE_URL}{reverse('mapping:contribution', args=[slug, row.pk])}",
    ]
