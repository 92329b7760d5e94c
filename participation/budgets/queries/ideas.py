"""Ideas as the public and the officers read them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramSimilarity
from django.db.models import BigIntegerField, F, QuerySet, TextField
from django.db.models.functions import Coalesce

from participation.budgets.models import Budget, Idea
from participation.core.choices import AttachmentKind, Visibility
from participation.core.models import Attachment, Contribution
from participation.core.written import Among, Given, Written

_CARD = (
    "state",
    "category__name",
    "category__icon",
    "category__position",
    "contribution__title",
    "contribution__body",
    "contribution__supports_count",
    "contribution__comments_count",
    "contribution__territory__name",
)
_SHORTEST_TEXT = 4
_CANDIDATES = 100


def published_ideas(*, budget: Budget) -> QuerySet[Idea]:
    """Public ideas of a budget with their category and territory; newest first.

    Whether the process is public is asked once, of the budget, and not of each row; naming the
    activity on the contribution's side lets the index of lists give the order.
    """
    if budget.activity.process.published_at is None:
        return Idea.objects.none()
    return (
        Idea.objects.filter(
            budget=budget,
            contribution__activity=budget.pk,
            contribution__visibility=Visibility.PUBLISHED,
        )
        .select_related("category", "contribution__territory")
        .defer("contribution__territory__geometry", "contribution__search")
        .order_by("-contribution__submitted_at", "-contribution_id")
    )


def published_contributions(*, budget: Budget) -> QuerySet[Contribution]:
    """The contributions of the public ideas of a budget, newest first: each of its contributions is
    an idea, so that they may be counted and put in order without them."""
    if budget.activity.process.published_at is None:
        return Contribution.objects.none()
    return Contribution.objects.filter(
        activity=budget.pk, visibility=Visibility.PUBLISHED
    ).order_by("-submitted_at", "-pk")


def for_cards(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    """The same ideas with only what their cards and rows show; see `with_pictures`."""
    return ideas.only(*_CARD)


_KEYS = Given("keys", ArrayField(BigIntegerField()))
_CARDS = Written(
    lambda: for_cards(
        Idea.objects.select_related("category", "contribution__territory")
        .filter(Among("contribution_id", _KEYS))
        .order_by("pk")
    )
)
_PICTURES = Written(
    lambda: Attachment.objects.filter(
        Among("contribution_id", _KEYS), kind=AttachmentKind.IMAGE
    ).order_by("position", "pk")
)


def idea_cards(keys: list[int]) -> list[Idea]:
    """The ideas of those keys, in their order, with what their cards show; two queries."""
    found = {idea.pk: idea for idea in _CARDS.read(keys=keys)}
    ideas = [found[key] for key in keys]
    with_pictures(ideas)
    return ideas


def with_pictures(ideas: Iterable[Idea]) -> None:
    """Give each idea's contribution its `pictures`, in order; one query."""
    contributions: dict[int, Any] = {idea.pk: idea.contribution for idea in ideas}
    for contribution in contributions.values():
        contribution.pictures = []
    for picture in _PICTURES.read(keys=list(contributions)):
        contributions[picture.contribution_id].pictures.append(picture)


def _alike() -> QuerySet[Idea]:
    budget = Given("budget", BigIntegerField())
    words = Given("words", TextField())
    query = SearchQuery(words, config="parvis_fr", search_type="websearch")
    close = Contribution.objects.filter(
        activity=budget, visibility=Visibility.PUBLISHED, search=query
    ).values_list("pk", flat=True)
    rank = SearchRank(F("contribution__search"), query)
    return (
        for_cards(Idea.objects.select_related("category", "contribution__territory"))
        .filter(
            budget=budget,
            contribution__activity=budget,
            contribution__visibility=Visibility.PUBLISHED,
            pk__in=close[:_CANDIDATES],
        )
        .order_by(rank.desc(), "-pk")
    )


# The right plan depends on the words.
_ALIKE = Written(_alike, planned=False, cut=True)


def similar_ideas(
    *, budget: Budget, text: str, limit: int = 5, spelt_alike: bool = True
) -> list[Idea]:
    """Public ideas that look like `text`, the most alike first; none for a text too short.

    Alike: some words in common (French stemming) or, with `spelt_alike`, a title spelt nearly the
    same. When very many qualify, the ranking is among the `_CANDIDATES` newest of them. Comparing
    spellings takes some tens of milliseconds where ten thousand titles resemble one another.
    """
    if len(text.strip()) < _SHORTEST_TEXT:
        return []
    title = text[:120]
    words = " or ".join(text.split()[:20])
    if not spelt_alike:
        if budget.activity.process.published_at is None:
            return []
        return _ALIKE.read(budget=budget.pk, words=words, limit=limit, offset=0)
    query = SearchQuery(words, config="parvis_fr", search_type="websearch")
    published = Contribution.objects.filter(
        activity=budget.pk, visibility=Visibility.PUBLISHED
    ).values_list("pk", flat=True)
    # Cut short: the whole list is never ranked.
    close = published.filter(search=query)[:_CANDIDATES].union(
        published.filter(title__trigram_similar=title)[:_CANDIDATES]
    )
    rank: Any = Coalesce(SearchRank(F("contribution__search"), query), 0.0)
    rank += TrigramSimilarity("contribution__title", title)
    return list(
        for_cards(published_ideas(budget=budget))
        .filter(pk__in=close)
        .order_by(rank.desc(), "-pk")[:limit]
    )
