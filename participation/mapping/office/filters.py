"""Filters of the list of contributions."""

import datetime
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from maps.models import Territory
from participation.core.choices import Visibility
from participation.core.models import Contribution, Directorate
from participation.mapping.choices import WishState
from participation.mapping.models import MapCategory, MapContribution, ParticipatoryMap
from participation.mapping.office.lookups import whole_number
from participation.mapping.queries.office import unanswered_since

_WAITING = [
    ("to_assign", _("To assign to a directorate")),
    ("to_answer", _("Without an answer")),
    ("answered", _("Answered")),
    ("joined", _("Joined to another")),
]
_AGES = [
    ("7", _("a week")),
    ("30", _("a month")),
    ("90", _("three months")),
]


def all_maps(request: Any = None) -> QuerySet[ParticipatoryMap]:
    return (
        ParticipatoryMap.objects.select_related("activity")
        .defer("drawn_perimeter")
        .order_by("-activity")
    )


def _asked_map(request: Any) -> int | None:
    return whole_number(request.GET.get("map", "")) if request else None


def categories(request: Any = None) -> QuerySet[MapCategory]:
    """Of the chosen map, or of all."""
    found = MapCategory.objects.order_by("name", "pk")
    map = _asked_map(request)
    return found.filter(map_id=map) if map else found


def used_territories(request: Any = None) -> QuerySet[Territory]:
    """Districts that some contribution is in: the others would only lengthen the list."""
    used = Contribution.objects.filter(
        territory=OuterRef("pk"), map_contribution__isnull=False
    ).order_by()
    map = _asked_map(request)
    if map:
        used = used.filter(activity_id=map)
    return Territory.objects.filter(Exists(used)).defer("geometry").order_by("name", "pk")


class ContributionFilter(WagtailFilterSet):
    map = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("participatory map", "Map"), queryset=all_maps
    )
    category = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("participatory map", "Category"), queryset=categories
    )
    territory = django_filters.ModelChoiceFilter(
        label=_("District"), field_name="contribution__territory", queryset=used_territories
    )
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=WishState.choices)
    directorate = django_filters.ModelChoiceFilter(
        label=_("Directorate"),
        field_name="directorates",
        queryset=Directorate.objects.order_by("name", "pk"),
    )
    waiting = django_filters.ChoiceFilter(
        label=_("What waits"), choices=_WAITING, method="filter_waiting"
    )
    unanswered = django_filters.ChoiceFilter(
        label=_("Without an answer for"), choices=_AGES, method="filter_unanswered"
    )
    visibility = django_filters.ChoiceFilter(
        label=_("Visibility"),
        field_name="contribution__visibility",
        choices=[choice for choice in Visibility.choices if choice[0] != Visibility.DRAFT],
    )

    class Meta:
        model = MapContribution
        fields: list[str] = []

    def filter_waiting(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        match value:
            case "to_assign":
                return rows.filter(
                    directorates__isnull=True,
                    contribution__visibility=Visibility.PUBLISHED,
                    merged_into__isnull=True,
                )
            case "to_answer":
                return unanswered_since(rows, moment=timezone.now())
            case "answered":
                return rows.filter(answered=True)
            case "joined":
                return rows.filter(merged_into__isnull=False)
        return rows

    def filter_unanswered(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return unanswered_since(rows, moment=timezone.now() - datetime.timedelta(days=int(value)))
