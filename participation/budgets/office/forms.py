"""Forms of the back office: HTTP in, clean data out."""

from typing import Any, cast

from django import forms
from django.contrib.gis.geos import Point
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from maps.models import Territory
from participation.budgets.choices import (
    BallotKind,
    Completion,
    CountingRule,
    DeliveryStep,
    FeasibilityVerdict,
    Grouping,
    IdeaState,
    OnMisfit,
    ProjectOrder,
    Remainder,
    Satisfaction,
)
from participation.budgets.forms.money import EuroField
from participation.budgets.models import Budget, Category, Envelope, Project
from participation.core.choices import AnswerStatus
from participation.core.models import Directorate
from participation.methods.tally import RULES


def _text(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AssignForm(forms.Form):
    directorates = forms.ModelMultipleChoiceField(
        label=_("Directorates in charge of the study"),
        queryset=Directorate.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
    )


class StudyForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[c for c in FeasibilityVerdict.choices if c[0] != FeasibilityVerdict.PENDING],
        widget=forms.RadioSelect,
    )
    cost_cents = EuroField(label=_("Cost (euros)"), required=False)
    lead_time_months = forms.IntegerField(
        label=_("Lead time (months)"), required=False, min_value=0, max_value=240
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        required=False,
        max_length=8000,
        widget=_text(),
        help_text=_("Published with the study, and read by the author."),
    )


class DecisionForm(forms.Form):
    """`states` are those that the idea may take now."""

    state = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    cost_cents = EuroField(
        label=_("Cost retained (euros)"), required=False, help_text=_("For a feasible idea.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=8000,
        widget=_text(),
        help_text=_("Public, and mailed to the author."),
    )

    def __init__(self, *args: Any, states: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["state"]).choices = [
            (state, IdeaState(state).label) for state in states
        ]


class AnswerForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), choices=AnswerStatus.choices)
    body = forms.CharField(label=_("Answer"), max_length=8000, widget=_text(5))
    directorate = forms.ModelChoiceField(
        label=_("Directorate"), queryset=Directorate.objects.order_by("name"), required=False
    )


class ReasonForm(forms.Form):
    """A decision on several ideas at once."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=8000,
        widget=_text(),
        help_text=_("Public, and mailed to the author of each idea."),
    )


class _PlaceFields(forms.Form):
    """Fields of a place; cleaned `point` is a point in WGS 84 or None."""

    territory = forms.ModelChoiceField(
        label=_("Neighbourhood"), queryset=Territory.objects.none(), required=False
    )
    address = forms.CharField(label=_("Address or place"), max_length=250, required=False)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(
        label=_("Longitude"), min_value=-180, max_value=180, required=False
    )

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["territory"]).queryset = territories_of(budget)
        cast(forms.ModelChoiceField, self.fields["category"]).queryset = budget.categories.order_by(
            "position", "name"
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        latitude, longitude = data.get("latitude"), data.get("longitude")
        if (latitude is None) != (longitude is None):
            self.add_error(
                "latitude" if latitude is None else "longitude",
                _("A point needs both its latitude and its longitude."),
            )
        both = latitude is not None and longitude is not None
        data["point"] = Point(longitude, latitude, srid=4326) if both else None
        return data


def territories_of(budget: Budget) -> Any:
    """The neighbourhoods of a budget's perimeter; those of its ideas without a perimeter."""
    perimeter = budget.activity.process.perimeter
    if perimeter is None:
        found = Territory.objects.filter(contributions__activity=budget.activity).distinct()
    else:
        found = Territory.objects.filter(parent=perimeter)
    return found.defer("geometry").order_by("name", "pk")


class ProjectForm(_PlaceFields):
    title = forms.CharField(label=_("Title"), max_length=250)
    description = forms.CharField(
        label=_("Description"), max_length=20_000, required=False, widget=_text(8)
    )
    cost_cents = EuroField(label=_("Cost (euros)"))
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=Category.objects.none(), required=False
    )
    image = forms.FileField(label=_("Picture"), required=False)
    image_alt = forms.CharField(
        label=_("Description of the picture"),
        max_length=250,
        required=False,
        help_text=_("For people who don't see it."),
    )
    remove_image = forms.BooleanField(label=_("Remove the picture"), required=False)

    field_order = (
        "envelope",
        "title",
        "description",
        "cost_cents",
        "category",
        "territory",
        "address",
        "latitude",
        "longitude",
        "image",
        "image_alt",
        "remove_image",
    )

    def __init__(
        self, *args: Any, project: Project | None = None, sealed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if project is None or not project.image:
            del self.fields["remove_image"]
        for name in ("title", "description", "cost_cents", "territory") if sealed else ():
            self.fields[name].disabled = True


class NewProjectForm(ProjectForm):
    envelope = forms.ModelChoiceField(label=_("Envelope"), queryset=Envelope.objects.none())

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, budget=budget, **kwargs)
        cast(forms.ModelChoiceField, self.fields["envelope"]).queryset = unsealed_envelopes(budget)


class MergeForm(_PlaceFields):
    """A project made of ideas."""

    envelope = forms.ModelChoiceField(label=_("Envelope"), queryset=Envelope.objects.none())
    title = forms.CharField(label=_("Title of the project"), max_length=250)
    description = forms.CharField(
        label=_("Description"), max_length=20_000, required=False, widget=_text(8)
    )
    cost_cents = EuroField(label=_("Cost (euros)"))
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=Category.objects.none(), required=False
    )
    field_order = (
        "envelope",
        "title",
        "description",
        "cost_cents",
        "category",
        "territory",
        "address",
        "latitude",
        "longitude",
    )

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, budget=budget, **kwargs)
        cast(forms.ModelChoiceField, self.fields["envelope"]).queryset = unsealed_envelopes(budget)


def unsealed_envelopes(budget: Budget) -> Any:
    return budget.envelopes.filter(poll=None).order_by("position", "pk")


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
        help_text=_("0: none."),
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
        help_text=_("The best placed of each, as long as the money lasts. 0: none."),
    )
    district_quota_cents = EuroField(
        label=_("Money set aside for each neighbourhood (euros)"),
        required=False,
        help_text=_("Empty: none."),
    )
    remainder = forms.ChoiceField(
        label=_("Money left in the neighbourhoods"),
        choices=Remainder.choices,
        widget=forms.RadioSelect,
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


class ConfirmForm(forms.Form):
    """A decision that cannot be undone."""

    understood = forms.BooleanField(
        label=_("I have read the above and I understand that this can't be undone."),
        error_messages={"required": _("Tick the box to confirm.")},
    )


class PlanForm(forms.Form):
    directorate = forms.ModelChoiceField(
        label=_("Lead directorate"), queryset=Directorate.objects.order_by("name"), required=False
    )
    expected_on = forms.DateField(label=_("Expected on"), required=False, widget=AdminDateInput)


class AdvanceForm(forms.Form):
    step = forms.ChoiceField(
        label=_("Step"),
        choices=DeliveryStep.choices,
        widget=forms.RadioSelect,
        help_text=_("Keep the current step to give news only."),
    )
    happened_on = forms.DateField(label=_("Date"), widget=AdminDateInput)
    title = forms.CharField(
        label=_("Title of the news"),
        max_length=150,
        required=False,
        help_text=_("Empty: the name of the step."),
    )
    body = forms.CharField(label=_("Text"), max_length=8000, required=False, widget=_text(5))
    image = forms.FileField(label=_("Picture"), required=False)
    image_alt = forms.CharField(
        label=_("Description of the picture"),
        max_length=250,
        required=False,
        help_text=_("For people who don't see it."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        required=False,
        widget=_text(3),
        help_text=_("To give up a project or go back to an earlier step. It is public."),
    )


class _EnvelopeField(forms.ModelChoiceField):
    """Envelopes of several budgets: each says which."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.budget.activity.title} – {obj.name}"


class ImportForm(forms.Form):
    envelope = _EnvelopeField(label=_("Envelope"), queryset=Envelope.objects.none())
    file = forms.FileField(
        label=_("File (CSV or XLSX)"),
        help_text=_("At most 2 MB. Export the projects first to have the right columns."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["envelope"]).queryset = (
            Envelope.objects.filter(poll=None)
            .select_related("budget__activity")
            .order_by("-budget__edition", "position", "pk")
        )
