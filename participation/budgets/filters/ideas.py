"""Filters of ideas."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import BigIntegerField, F, QuerySet
from django.utils.translation import gettext

from participation.budgets.choices import IdeaState
from participation.budgets.filters.criteria import (
    by_category,
    by_territory,
    territories_of,
    views,
)
from participation.budgets.models import Budget, Category, Idea
from participation.core.filters.listing import (
    Choice,
    Criterion,
    ListFilters,
    shuffled,
    text_query,
)
from participation.core.models import Contribution
from participation.core.written import Given, Written

_BUDGET = Given("budget", BigIntegerField())
_CATEGORIES = Written(
    lambda: Category.objects.filter(budget=_BUDGET).order_by("position", "name", "pk")
)
_TERRITORIES = Written(lambda: territories_of(Contribution.objects.filter(activity=_BUDGET)))

_NEWEST: tuple[str, Any] = ("submitted_at", datetime.timedelta())
_ORDERS: dict[str, tuple[str, Any]] = {
    "soutiens": ("supports_count", 0),
    "commentaires": ("comments_count", 0),
}


def idea_filters(params: Mapping[str, Any], *, budget: Budget, today: datetime.date) -> ListFilters:
    """What is asked of the ideas of `budget`; the random order changes every day."""
    return ListFilters(
        params,
        criteria=[
            by_category(_CATEGORIES.read(budget=budget.pk)),
            by_territory(_TERRITORIES.read(budget=budget.pk)),
            Criterion(
                name="statut",
                label=gettext("Status"),
                any_label=gettext("All statuses"),
                choices=tuple(Choice(value, str(label)) for value, label in IdeaState.choices),
            ),
        ],
        orders=[
            Choice("recentes", gettext("Most recent")),
            Choice("soutiens", gettext("Most supported")),
            Choice("commentaires", gettext("Most commented")),
            Choice("hasard", gettext("Random")),
        ],
        views=views(),
        seed=today.strftime("%Y%m%d"),
    )


def filter_ideas(
    found: QuerySet[Contribution], filters: ListFilters, *, budget: Budget
) -> QuerySet[Contribution]:
    """The contributions whose ideas match, in the order asked; every order ends with the key."""
    if filters.text:
        found = found.filter(search=text_query(filters.text))
    if territory := filters.values.get("quartier"):
        found = found.filter(territory_id=int(territory))
    own: dict[str, Any] = {}
    if category := filters.values.get("categorie"):
        own["category_id"] = int(category)
    if state := filters.values.get("statut"):
        own["state"] = state
    # Adding nothing to a column keeps PostgreSQL from its index. It would walk the keys of all
    # activities, believing that the ideas end early there; and the dates of this one, believing
    # that the first twenty are enough to count them all.
    if own:
        ideas = Idea.objects.filter(budget=budget, **own).order_by().values("pk")
        found = found.alias(own=F("pk") + 0).filter(own__in=ideas)
    if filters.order == "hasard":
        return shuffled(found, filters.seed)
    column, nothing = _ORDERS.get(filters.order, _NEWEST)
    first = F(column) + nothing if filters.is_active else F(column)
    return found.order_by(first.desc(), "-pk")
