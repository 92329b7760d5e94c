"""Ideas as the public and the officers read them."""

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramSimilarity
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from participation.budgets.models import Budget, Idea

_SHORTEST_TEXT = 4


def published_ideas(*, budget: Budget) -> QuerySet[Idea]:
    """Public ideas of a budget with all that a card shows; newest first."""
    return (
        Idea.objects.public()
        .filter(budget=budget)
        .select_related(
            "category",
            "contribution__author",
            "contribution__territory",
            "contribution__activity",
        )
        .order_by(F("contribution__submitted_at").desc(), "-pk")
    )


def similar_ideas(*, budget: Budget, text: str, limit: int = 5) -> list[Idea]:
    """Public ideas that look like `text`, the most alike first; none for a text too short.

    Alike: some words in common (French stemming), or a title spelt nearly the same.
    """
    words = text.split()
    if len(text.strip()) < _SHORTEST_TEXT:
        return []
    query = SearchQuery(" or ".join(words[:20]), config="parvis_fr", search_type="websearch")
    return list(
        published_ideas(budget=budget)
        .annotate(
            alike=TrigramSimilarity("contribution__title", text[:120]),
            found=Coalesce(SearchRank(F("contribution__search"), query), 0.0),
        )
        .filter(
            # Both through an index: the whole list is never read.
            Q(contribution__search=query) | Q(contribution__title__trigram_similar=text[:120])
        )
        .order_by((F("alike") + F("found")).desc(), "-pk")[:limit]
    )
