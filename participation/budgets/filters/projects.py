"""Filters of the projects put to the vote."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from participation.budgets.choices import ProjectState
from participation.budgets.filters.criteria import (
    by_category,
    by_district,
    by_envelope,
    in_district,
    views,
)
from participation.budgets.models import Budget, Project
from participation.core.filters.listing import (
    Choice,
    Criterion,
    ListFilters,
    shuffled,
    text_query,
)


def project_filters(
    params: Mapping[str, Any],
    *,
    budget: Budget,
    today: datetime.date,
    show_results: bool,
) -> ListFilters:
    """What is asked of the projects; state and votes only once the results may be seen."""
    used = Project.objects.public().filter(envelope__budget=budget)
    criteria = [
        by_category(budget.categories.all()),
        by_district(used),
        *by_envelope(budget),
    ]
    orders = [
        Choice("hasard", gettext("Random")),
        Choice("prix", gettext("Least costly")),
        Choice("prix-decroissant", gettext("Most costly")),
        Choice("titre", gettext("Title")),
    ]
    if show_results:
        states = (ProjectState.WINNER, ProjectState.NOT_SELECTED)
        criteria.append(
            Criterion(
                name="statut",
                label=gettext("Result"),
                any_label=gettext("All results"),
                choices=tuple(Choice(state.value, str(state.label)) for state in states),
            )
        )
        orders.insert(0, Choice("votes", gettext("Most votes")))
    return ListFilters(
        params, criteria=criteria, orders=orders, views=views(), seed=today.strftime("%Y%m%d")
    )


def filter_projects(projects: QuerySet[Project], filters: ListFilters) -> QuerySet[Project]:
    """The projects that match, in the order asked; every order ends with the key."""
    if filters.text:
        projects = projects.filter(search=text_query(filters.text))
    if category := filters.values.get("categorie"):
        projects = projects.filter(category_id=int(category))
    if territory := filters.values.get("quartier"):
        projects = projects.filter(in_district("", territory))
    if envelope := filters.values.get("enveloppe"):
        projects = projects.filter(envelope__slug=envelope)
    if state := filters.values.get("statut"):
        projects = projects.filter(state=state)
    match filters.order:
        case "votes":
            return projects.order_by("-votes", "rank", "pk")
        case "prix":
            return projects.order_by("cost_cents", "pk")
        case "prix-decroissant":
            return projects.order_by("-cost_cents", "pk")
        case "titre":
            return projects.order_by("title", "pk")
        case _:
            return shuffled(projects, filters.seed)
