"""Settings of a budget: its envelopes, its categories, its rules."""

from typing import Any, cast

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.budgets.choices import (
    BallotKind,
    Completion,
    CountingRule,
    Grouping,
    OnMisfit,
    ProjectOrder,
    Remainder,
    Satisfaction,
)
from participation.budgets.forms.money import EuroField
from participation.budgets.models import Budget
from participation.budgets.office.forms.projects import territories_of
from participation.methods.tally import RULES


class EnvelopeForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    amount_cents = EuroField(label=_("Amount (euros)"))
    territory = forms.ModelChoiceField(
        label=_("Neighbourhood"),
        queryset=Territory.objects.none(),
        required=False,
        help_text=_("Empty: the envelope is for the whole perimeter."),
    )
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=999, initial=0)

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["territory"]).queryset = territories_of(budget)


class CategoryForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    icon = forms.SlugField(
        label=_("Icon"),
        max_length=40,
        initial="tag",
        help_text=_("The name of an icon of the site, for example: tree, bike, school."),
    )
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=999, initial=0)


class RulesForm(forms.Form):
    """The published rules of a budget."""

    ballot_kind = forms.ChoiceField(
        label=_("Voters choose"), choices=BallotKind.choices, widget=forms.RadioSelect
    )
    min_choices = forms.IntegerField(label=_("At least (projects)"), min_value=1, max_value=1000)
    max_choices = forms.IntegerField(
        label=_("At most (projects)"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("Empty: no limit."),
    )
    max_points = forms.IntegerField(
        label=_("Points of each voter"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("Only when voters share points."),
    )
    max_points_per_project = forms.IntegerField(
        label=_("Points for one project, at most"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("Only when voters share points. Empty: all of them."),
    )
    rank_scores = SimpleArrayField(
        forms.IntegerField(min_value=0, max_value=1000),
        label=_("Points of each rank"),
        required=False,
        max_length=50,
        help_text=_(
            "Only when voters order projects: from the first rank to the last, separated by "
            "commas. For example: 3,2,1."
        ),
    )
    project_order = forms.ChoiceField(
        label=_("Order of projects on the ballot"),
        choices=ProjectOrder.choices,
        widget=forms.RadioSelect,
    )
    rule = forms.ChoiceField(
        label=_("How winners are chosen"),
        choices=[choice for choice in CountingRule.choices if choice[0] in RULES],
        widget=forms.RadioSelect,
        initial=CountingRule.GREEDY,
        help_text=_(
            "The most voted first: simple, and it may leave whole neighbourhoods without a "
            "project. Equal shares: each voter has the same part of the money and pays for "
            "projects that they chose, so that more voters get something. Phragmén: voters save "
            "at the same pace and buy together; close to equal shares, with nothing to complete."
        ),
    )
    satisfaction = forms.ChoiceField(
        label=_("Equal shares: what a voter gains from a project"),
        choices=Satisfaction.choices,
        widget=forms.RadioSelect,
        initial=Satisfaction.COST,
        help_text=_("By the money, dear projects weigh more; by the number, all weigh the same."),
    )
    completion = forms.ChoiceField(
        label=_("Equal shares: the money left"),
        choices=Completion.choices,
        widget=forms.RadioSelect,
        initial=Completion.ADD1,
        help_text=_("Equal shares leave money when supporters of a project cannot pay it alone."),
    )
    stops_when_exhaustive = forms.BooleanField(
        label=_("Equal shares: stop increasing the shares as soon as no other project fits"),
        required=False,
        help_text=_(
            "Otherwise the shares increase as long as the whole stays within the money. The two "
            "may give other winners."
        ),
    )
    on_misfit = forms.ChoiceField(
        label=_("When a project no longer fits in the money left"),
        choices=OnMisfit.choices,
        widget=forms.RadioSelect,
    )
    minimum_votes = forms.IntegerField(
        label=_("Votes that a project needs to be selected"), min_value=0, max_value=1_000_000
    )
    minimum_share_percent = forms.IntegerField(
        label=_("Part of the ballots that a project needs to be selected (percent)"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_(
            "0: none. Only with the most voted first, as the number of votes above: in equal "
            "shares and by Phragmén, a minimum would refuse a project that its supporters can pay."
        ),
    )
    grouping = forms.ChoiceField(
        label=_("Money set aside and guaranteed projects go by"),
        choices=Grouping.choices,
        widget=forms.RadioSelect,
        initial=Grouping.DISTRICT,
    )
    minimum_winners = forms.IntegerField(
        label=_("Projects guaranteed to each neighbourhood or category"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_(
            "The best placed of each, as long as the money lasts. 0: none. Only with the most "
            "voted first: in equal shares and by Phragmén a project is paid by those who chose "
            "it, and no published rule gives a group a winner that its supporters cannot pay."
        ),
    )
    district_quota_cents = EuroField(
        label=_("Money set aside for each neighbourhood (euros)"),
        required=False,
        help_text=_(
            "Empty: none. Otherwise each neighbourhood has its own count, by the rule above, among "
            "its projects and between those who chose one of them."
        ),
    )
    remainder = forms.ChoiceField(
        label=_("Money left in the neighbourhoods"),
        choices=Remainder.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Pooled: one more count follows, of all the projects not selected and all the ballots. "
            "With equal shares or Phragmén, everyone begins it with the same money, whatever they "
            "paid before."
        ),
    )
    idea_max_cost_cents = EuroField(
        label=_("Highest cost of an idea (euros)"), required=False, help_text=_("Empty: no limit.")
    )
    ideas_per_person = forms.IntegerField(
        label=_("Ideas per person"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("Empty: no limit."),
    )
    comments_open = forms.BooleanField(label=_("Comments are open"), required=False)
