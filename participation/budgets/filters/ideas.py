"""Filters of ideas."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from participation.budgets.choices import IdeaState
from participation.budgets.filters.criteria import (
    by_category,
    by_territory,
    territories_of,
    views,
)
from participation.budgets.models import Budget, Idea
from participation.core.filters.listing import (
    Choice,
    Criterion,
    ListFilters,
    shuffled,
    text_query,
)
from participation.core.models import Contribution


def idea_filters(params: Mapping[str, Any], *, budget: Budget, today: datetime.date) -> ListFilters:
    """What is asked of the ideas of `budget`; the random order changes every day."""
    used = Contribution.objects.filter(activity=budget.activity)
    return ListFilters(
        params,
        criteria=[
            by_category(budget.categories.order_by("position", "name")),
            by_territory(territories_of(used)),
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


def filter_ideas(ideas: QuerySet[Idea], filters: ListFilters) -> QuerySet[Idea]:
    """The ideas that match, in the order asked; every order ends with the key."""
    if filters.text:
        ideas = ideas.filter(contribution__search=text_query(filters.text))
    if category := filters.values.get("categorie"):
        ideas = ideas.filter(category_id=int(category))
    if territory := filters.values.get("quartier"):
        ideas = ideas.filter(contribution__territory_id=int(territory))
    if state := filters.values.get("statut"):
        ideas = ideas.filter(state=state)
    match filters.order:
        case "soutiens":
            return ideas.order_by("-contribution__supports_count", "-contribution_id")
        case "commentaires":
            return ideas.order_by("-contribution__comments_count", "-contribution_id")
        case "hasard":
            return shuffled(ideas, filters.seed)
        case _:
            return ideas.order_by("-contribution__submitted_at", "-contribution_id")
