"""Search in pages and in published contributions."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cms import queries
from participation.core import queries as core_queries

SEARCH_IN = {"pages": _("Pages"), "contributions": _("Ideas and contributions")}


def search_pages(*, text: str, locale_id: int) -> Any:
    """Public pages of a language that match `text`, best first."""
    return queries.public_pages(locale_ids=[locale_id]).specific().search(text)


def search_contributions(*, text: str) -> Any:
    """Published contributions that match `text`, best first."""
    query = SearchQuery(text, config="parvis_fr", search_type="websearch")
    return (
        core_queries.listed_contributions()
        .matching(text)
        .select_related("activity", "territory")
        .defer("body")
        .annotate(relevance=SearchRank(F("search"), query))
        .order_by("-relevance", "-pk")
    )
