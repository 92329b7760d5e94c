"""Filters of the back office's lists."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from maps.models import Territory
from participation.budgets.choices import DeliveryStep, IdeaState, ProjectState
from participation.budgets.models import (
    Budget,
    Category,
    Delivery,
    Envelope,
    FeasibilityStudy,
    Idea,
    Project,
    ProjectIdea,
)
from participation.budgets.office.lookups import whole_number
from participation.core.choices import Visibility
from participation.core.models import Contribution, Directorate

_WAITING = [
    ("to_sort", _("To sort: just received")),
    ("to_assign", _("To assign to a directorate")),
    ("studies", _("Studies awaited from directorates")),
    ("to_decide", _("To decide: every study is in")),
    ("to_merge", _("Feasible, in no project yet")),
]


def all_budgets(request: Any = None) -> QuerySet[Budget]:
    return Budget.objects.select_related("activity").order_by("-edition", "-activity")


def used_territories(request: Any = None) -> QuerySet[Territory]:
    """Neighbourhoods that some idea or project is in: the others would only lengthen the list."""
    used = Contribution.objects.filter(territory=OuterRef("pk"), idea__isnull=False).order_by()
    projects = Project.objects.filter(territory=OuterRef("pk")).order_by()
    return (
        Territory.objects.filter(Exists(used) | Exists(projects))
        .defer("geometry")
        .order_by("name", "pk")
    )


def categories(request: Any = None) -> QuerySet[Category]:
    """Of the chosen budget, or of all."""
    found = Category.objects.select_related("budget__activity").order_by("name", "pk")
    budget = whole_number(request.GET.get("budget", "")) if request else None
    return found.filter(budget_id=budget) if budget else found


class IdeaFilter(WagtailFilterSet):
    budget = django_filters.ModelChoiceFilter(label=_("Participatory budget"), queryset=all_budgets)
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=IdeaState.choices)
    waiting = django_filters.ChoiceFilter(
        label=_("What waits"), choices=_WAITING, method="filter_waiting"
    )
    category = django_filters.ModelChoiceFilter(label=_("Category"), queryset=categories)
    territory = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"),
        field_name="contribution__territory",
        queryset=used_territories,
    )
    directorate = django_filters.ModelChoiceFilter(
        label=_("Directorate"), queryset=Directorate.objects.all(), method="filter_directorate"
    )
    visibility = django_filters.ChoiceFilter(
        label=_("Visibility"),
        field_name="contribution__visibility",
        choices=[choice for choice in Visibility.choices if choice[0] != Visibility.DRAFT],
    )

    class Meta:
        model = Idea
        fields: list[str] = []

    def filter_directorate(self, ideas: QuerySet, name: str, value: Any) -> QuerySet:
        studies = FeasibilityStudy.objects.filter(idea=OuterRef("pk"), directorate=value)
        return ideas.filter(Exists(studies.order_by()))

    def filter_waiting(self, ideas: QuerySet, name: str, value: str) -> QuerySet:
        return waiting_ideas(ideas, value)


def waiting_ideas(ideas: QuerySet, what: str) -> QuerySet:
    """Published ideas on which somebody has something to do, by kind of task."""
    ideas = ideas.filter(contribution__visibility=Visibility.PUBLISHED)
    pending = Exists(
        FeasibilityStudy.objects.filter(idea=OuterRef("pk"), verdict="pending").order_by()
    )
    match what:
        case "to_sort":
            return ideas.filter(state=IdeaState.RECEIVED)
        case "to_assign":
            return ideas.filter(state=IdeaState.ELIGIBLE)
        case "studies":
            return ideas.filter(pending, state=IdeaState.IN_STUDY)
        case "to_decide":
            return ideas.filter(~pending, state=IdeaState.IN_STUDY)
        case "to_merge":
            merged = ProjectIdea.objects.filter(idea=OuterRef("pk")).order_by()
            return ideas.filter(~Exists(merged), state=IdeaState.FEASIBLE)
    return ideas


class ProjectFilter(WagtailFilterSet):
    budget = django_filters.ModelChoiceFilter(
        label=_("Participatory budget"), field_name="envelope__budget", queryset=all_budgets
    )
    envelope = django_filters.ModelChoiceFilter(
        label=_("Envelope"),
        queryset=lambda request: _envelopes(request),
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=ProjectState.choices, field_name="shown_state"
    )
    category = django_filters.ModelChoiceFilter(label=_("Category"), queryset=categories)
    territory = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"), queryset=used_territories
    )

    class Meta:
        model = Project
        fields: list[str] = []


def _envelopes(request: Any) -> QuerySet[Envelope]:
    found = Envelope.objects.order_by("budget", "position", "pk")
    budget = whole_number(request.GET.get("budget", "")) if request else None
    return found.filter(budget_id=budget) if budget else found


class PollFilter(WagtailFilterSet):
    budget = django_filters.ModelChoiceFilter(label=_("Participatory budget"), queryset=all_budgets)

    class Meta:
        model = Envelope
        fields: list[str] = []


class DeliveryFilter(WagtailFilterSet):
    budget = django_filters.ModelChoiceFilter(
        label=_("Participatory budget"),
        field_name="project__envelope__budget",
        queryset=all_budgets,
    )
    step = django_filters.MultipleChoiceFilter(label=_("Step"), choices=DeliveryStep.choices)
    directorate = django_filters.ModelChoiceFilter(
        label=_("Lead directorate"), queryset=Directorate.objects.all()
    )
    territory = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"), field_name="project__territory", queryset=used_territories
    )

    class Meta:
        model = Delivery
        fields: list[str] = []


def matching_ideas(ideas: QuerySet, text: str) -> QuerySet:
    """Ideas whose text matches (French stemming), or whose number or author is `text`."""
    number = whole_number(text.rsplit("-", 1)[-1].strip())
    found = Q(contribution__in=Contribution.objects.matching(text).order_by().values("pk"))
    found |= Q(contribution__title__icontains=text)
    found |= Q(contribution__author__public_name__icontains=text)
    if number:
        found |= Q(pk=number)
    return ideas.filter(found)
