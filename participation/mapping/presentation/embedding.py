"""What the town's other sites paste to show a map."""

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from participation.mapping.models import ParticipatoryMap

HEIGHT = 700
"""Pixels of the frame that the code proposes."""


def embed_code(map: ParticipatoryMap) -> str:
    """The `<iframe>` of a map, with a title that says what it holds."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>',
        f"{settings.SITE_URL}{reverse('mapping:embed', args=[map.activity.slug])}",
        gettext("Participatory map: %(title)s") % {"title": map.activity.title},
        HEIGHT,
    )
