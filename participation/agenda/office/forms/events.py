"""What, when, where, for whom; and what happens to an event."""

from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from maps.choices import GeometryKind
from maps.forms import GeometryField
from participation.agenda.models import AgendaItem, Event, Theme, Venue
from participation.agenda.office.forms.fields import (
    TimesForm,
    districts,
    drawn,
    geometry_of,
    point_field,
    times_of,
)
from participation.agenda.services.events import EventPlan, Whereabouts
from participation.core.models import Directorate, Process

_AFTER = ("day", "start", "end", "end_day", "fold")
_ORDER = [
    *("kind", "title", "summary", "body", "theme", "process", "item", "directorate"),
    *("council_body", *_AFTER, "timezone", "attendance", "venue", "address", "territory"),
    *("place", "route", "online_url", "wheelchair", "sign_language", "captions", "child_care"),
    "questions_open",
]


class EventForm(TimesForm, forms.ModelForm):
    """An event whole; `plan()` is what the service takes. No row is changed here."""

    place = point_field(label=_("Place on the map"), required=False)
    route = GeometryField(
        label=_("Route of a visit"), geometry_kinds=(GeometryKind.LINE,), required=False
    )
    online_url = forms.URLField(
        label=_("Address of the online room"), required=False, assume_scheme="https"
    )
    field_order = _ORDER

    class Meta:
        model = Event
        fields = [
            *("kind", "title", "summary", "body", "theme", "process", "item", "directorate"),
            *("council_body", "timezone", "attendance", "venue", "address", "territory"),
            *("online_url", "wheelchair", "sign_language", "captions", "child_care"),
            "questions_open",
        ]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "body": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, data: Any = None, *, event: Event | None = None) -> None:
        initial: dict[str, Any] = {}
        if event is not None:
            initial = model_to_dict(event, fields=self._meta.fields)
            initial |= times_of(event.local_start, event.local_end)
            initial |= {"place": drawn(event.point), "route": drawn(event.route)}
        self.event = event
        super().__init__(data, initial=initial)
        choices: dict[str, Any] = {
            "theme": Theme.objects.order_by("name", "pk"),
            "process": Process.objects.order_by("title", "pk"),
            "item": AgendaItem.objects.order_by("title", "pk"),
            "directorate": Directorate.objects.order_by("name", "pk"),
            "venue": Venue.objects.order_by("name", "pk"),
            "territory": districts(),
        }
        for name, queryset in choices.items():
            field: Any = self.fields[name]
            field.queryset = queryset

    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.cleaned_data.get("timezone") or "Europe/Paris")

    def _post_clean(self) -> None:
        """The service judges the whole; a row made of half of it would be refused for the rest."""

    def plan(self) -> EventPlan:
        """What was written. `series` stays that of the event."""
        data = self.cleaned_data
        given = {
            "point": geometry_of(data["place"]),
            "route": geometry_of(data["route"]),
            "series": self.event.series if self.event else None,
        }
        return EventPlan(
            **{each.name: data[each.name] for each in fields(EventPlan) if each.name not in given},
            **given,
        )


class MoveForm(TimesForm):
    """Another date or place, and why."""

    venue = forms.ModelChoiceField(
        label=_("Room"), queryset=Venue.objects.order_by("name", "pk"), required=False
    )
    address = forms.CharField(label=_("Address or place"), max_length=250, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public: it stays on the page with the former date."),
    )

    def __init__(self, data: Any = None, *, event: Event) -> None:
        self.event = event
        super().__init__(
            data,
            initial=times_of(event.local_start, event.local_end)
            | {"venue": event.venue_id, "address": event.address},
        )

    def zone(self) -> ZoneInfo:
        return self.event.zone

    def whereabouts(self) -> Whereabouts:
        data = self.cleaned_data
        same_place = (
            data["venue"] == self.event.venue and data["address"].strip() == self.event.address
        )
        return Whereabouts(
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            venue=data["venue"],
            address=data["address"],
            point=self.event.point if same_place else None,
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public: it is shown on the page and sent to those registered."),
    )


class CopyForm(TimesForm):
    """When the copy takes place; it lasts as long as the first."""

    field_order = ["day", "start", "fold"]

    def __init__(self, data: Any = None, *, event: Event) -> None:
        self.event = event
        super().__init__(data, initial=times_of(event.local_start, event.local_end))
        for name in ("end", "end_day"):
            del self.fields[name]

    def zone(self) -> ZoneInfo:
        return self.event.zone

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if {"day", "start"} <= data.keys():
            data["starts_at"] = self._instant("start", data["day"])
        return data


class VenueForm(forms.ModelForm):
    place = point_field(label=_("Place on the map"), required=False)

    class Meta:
        model = Venue
        fields = ["name", "address", "territory", "seats", "wheelchair", "access"]
        widgets = {"access": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, data: Any = None, *, instance: Venue | None = None) -> None:
        initial = {"place": drawn(instance.point)} if instance is not None else {}
        super().__init__(data, instance=instance, initial=initial)
        field: Any = self.fields["territory"]
        field.queryset = districts()

    def row(self) -> Venue:
        """The room as written, not saved."""
        self.instance.point = geometry_of(self.cleaned_data["place"])
        return self.instance
