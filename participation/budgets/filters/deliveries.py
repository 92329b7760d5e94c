"""Filters of the deliveries of the winners."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from participation.budgets.choices import DeliveryStep
from participation.budgets.filters.criteria import (
    by_category,
    by_district,
    by_envelope,
    in_district,
    views,
)
from participation.budgets.models import Budget, Delivery, DeliveryUpdate, Project
from participation.core.filters.listing import Choice, Criterion, ListFilters, text_query


def delivery_filters(
    params: Mapping[str, Any], *, budget: Budget, today: datetime.date
) -> ListFilters:
    """What is asked of the deliveries of `budget`."""
    used = Project.objects.filter(envelope__budget=budget, delivery__isnull=False)
    criteria = [
        Criterion(
            name="etape",
            label=gettext("Step"),
            any_label=gettext("All steps"),
            choices=tuple(Choice(value, str(label)) for value, label in DeliveryStep.choices),
        ),
        by_category(budget.categories.all()),
        by_district(used),
        *by_envelope(budget),
    ]
    return ListFilters(
        params,
        criteria=criteria,
        orders=[
            Choice("nouvelles", gettext("Latest news")),
            Choice("titre", gettext("Title")),
            Choice("prix-decroissant", gettext("Most costly")),
        ],
        views=views(),
        seed=today.strftime("%Y%m%d"),
    )


def filter_deliveries(
    deliveries: QuerySet[Delivery], filters: ListFilters, *, with_step: bool = True
) -> QuerySet[Delivery]:
    """The deliveries that match, in the order asked; every order ends with the key.

    `with_step=False` leaves the step out: for the counts per step of all else that is asked.
    """
    if filters.text:
        deliveries = deliveries.filter(project__search=text_query(filters.text))
    if category := filters.values.get("categorie"):
        deliveries = deliveries.filter(project__category_id=int(category))
    if territory := filters.values.get("quartier"):
        deliveries = deliveries.filter(in_district("project__", territory))
    if envelope := filters.values.get("enveloppe"):
        deliveries = deliveries.filter(project__envelope__slug=envelope)
    if with_step and (step := filters.values.get("etape")):
        deliveries = deliveries.filter(step=step)
    match filters.order:
        case "titre":
            return deliveries.order_by("project__title", "project_id")
        case "prix-decroissant":
            return deliveries.order_by("-project__cost_cents", "project_id")
        case _:
            news = DeliveryUpdate.objects.filter(delivery=OuterRef("pk")).order_by()
            last = news.values("delivery").annotate(last=Max("happened_on")).values("last")
            return deliveries.annotate(last_news_on=Subquery(last)).order_by(
                F("last_news_on").desc(nulls_last=True), "-project_id"
            )
