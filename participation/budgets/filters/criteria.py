"""Criteria that several lists share."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from maps.models import Territory
from participation.budgets.models import Budget, Category, Project
from participation.core.filters.listing import Choice, Criterion

BY_NAME = "nom:"
"""Marks a neighbourhood that has a name and no boundary."""
VIEWS = ("cartes", "liste", "plan")


def views() -> tuple[Choice, ...]:
    """The three views of one set."""
    labels = {"cartes": gettext("Cards"), "liste": gettext("List"), "plan": gettext("Map")}
    return tuple(Choice(value, labels[value]) for value in VIEWS)


def by_category(categories: Iterable[Category]) -> Criterion:
    return Criterion(
        name="categorie",
        label=gettext("Category"),
        any_label=gettext("All categories"),
        choices=tuple(Choice(str(category.pk), category.name) for category in categories),
    )


def by_territory(territories: Iterable[Territory]) -> Criterion:
    return Criterion(
        name="quartier",
        label=gettext("Neighbourhood"),
        any_label=gettext("All neighbourhoods"),
        choices=tuple(Choice(str(place.pk), place.name) for place in territories),
    )


def by_district(projects: QuerySet[Project]) -> Criterion:
    """Neighbourhoods of projects: those on the map, and those known by their name alone."""
    territories = by_territory(territories_of(projects))
    names = (
        projects.filter(territory=None)
        .exclude(district="")
        .order_by("district")
        .values_list("district", flat=True)
        .distinct()
    )
    return replace(
        territories,
        choices=(
            *territories.choices,
            *(Choice(f"{BY_NAME}{name}", name) for name in names),
        ),
    )


def in_district(path: str, value: str) -> Q:
    """The condition for one choice of `by_district`; `path` leads to the project (`project__`)."""
    if value.startswith(BY_NAME):
        return Q(**{f"{path}territory": None, f"{path}district": value.removeprefix(BY_NAME)})
    return Q(**{f"{path}territory_id": int(value)})


def by_envelope(budget: Budget) -> list[Criterion]:
    """The criterion of the envelope when there are several, none otherwise."""
    envelopes = list(budget.envelopes.all())
    if len(envelopes) < 2:
        return []
    return [
        Criterion(
            name="enveloppe",
            label=gettext("Envelope"),
            any_label=gettext("All envelopes"),
            choices=tuple(Choice(envelope.slug, envelope.name) for envelope in envelopes),
        )
    ]


def territories_of(rows: QuerySet[Any]) -> QuerySet[Territory]:
    """The territories that `rows` (with a `territory` column) name, without their boundaries."""
    used = rows.filter(territory=OuterRef("pk")).order_by()
    return Territory.objects.filter(Exists(used)).only("name").order_by("name", "pk")
