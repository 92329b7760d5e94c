"""A file of events, and what it does not say itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.agenda.choices import EventKind, TimeZone
from participation.agenda.models import Theme
from participation.agenda.services.imports import EventPlan


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A calendar (.ics), CSV or XLSX; 5,000 events and 16 MB at most."),
    )


class PlanForm(forms.Form):
    theme = forms.ModelChoiceField(
        label=_("Theme of the events that name none"),
        queryset=Theme.objects.order_by("position", "name"),
    )
    kind = forms.ChoiceField(
        label=_("Kind of the events that name none"),
        choices=EventKind.choices,
        initial=EventKind.OTHER,
    )
    timezone = forms.ChoiceField(
        label=_("Time zone of hours written without one"), choices=TimeZone.choices
    )
    territory = forms.ModelChoiceField(
        label=_("Neighbourhood of all these events"),
        queryset=Territory.objects.light().order_by("kind", "code"),
        required=False,
    )
    leave_refused = forms.BooleanField(
        label=_("Import the good lines and leave the others out"), required=False
    )

    def plan(self) -> EventPlan:
        """What the service takes, of a form that is valid."""
        data = self.cleaned_data
        return EventPlan(
            theme=data["theme"],
            kind=data["kind"],
            timezone=data["timezone"],
            territory=data["territory"],
        )
