"""Ideas as the public and the officers read them."""

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramSimilarity
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from participation.budgets.models import Budget, Idea
from participation.core.choices import Visibility
from participation.core.models import Contribution

_SHORTEST_TEXT = 4
_CANDIDATES = 100


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
        .defer("contribution__territory__geometry")
        .order_by(F("contribution__submitted_at").desc(), "-pk")
    )


def similar_ideas(*, budget: Budget, text: str, limit: int = 5) -> list[Idea]:
    """Public ideas that look like `text`, the most alike first; none for a text too short.

    Alike: some words in common (French stemming), or a title spelt nearly the same. When very
    many have a word in common, the ranking is among `_CANDIDATES` of them.
    """
    words = text.split()
    if len(text.strip()) < _SHORTEST_TEXT:
        return []
    title = text[:120]
    query = SearchQuery(" or ".join(words[:20]), config="parvis_fr", search_type="websearch")
    published = Contribution.objects.filter(
        activity_id=budget.pk, visibility=Visibility.PUBLISHED
    ).values("pk")
    # Both through an index, each cut short: the whole list is never read nor ranked.
    spelt_alike = published.filter(title__trigram_similar=title)[:_CANDIDATES]
    words_in_common = published.filter(search=query)[:_CANDIDATES]
    return list(
        published_ideas(budget=budget)
        .filter(Q(pk__in=spelt_alike) | Q(pk__in=words_in_common))
        .annotate(
            alike=TrigramSimilarity("contribution__title", title),
            found=Coalesce(SearchRank(F("contribution__search"), query), 0.0),
        )
        .order_by((F("alike") + F("found")).desc(), "-pk")[:limit]
    )
