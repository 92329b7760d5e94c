"""Fields that forms of events share: local times, and points on a map."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from maps.choices import GeometryKind
from maps.forms import Drawing, GeometryField
from maps.models import Territory
from participation.agenda.choices import TimeZone
from participation.agenda.local_time import FIRST, SECOND, instant
from participation.agenda.models import CitizenAgenda
from participation.core.verdict import Refused

_FOLDS = [
    ("", _("The usual case")),
    (str(FIRST), _("Before the clocks go back")),
    (str(SECOND), _("After the clocks went back")),
]


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class TimesForm(forms.Form):
    """A day, its hours and the day of the end when it is another; by the clocks of a place.

    `cleaned_data` gets `starts_at` and `ends_at`, instants (UTC).
    """

    day = forms.DateField(label=_("Day"), widget=DayInput())
    start = forms.TimeField(label=_("Starts at"), widget=HourInput())
    end = forms.TimeField(label=_("Ends at"), widget=HourInput())
    end_day = forms.DateField(
        label=_("Day of the end, if it is another"), widget=DayInput(), required=False
    )
    fold = forms.ChoiceField(
        label=_("On the night when the clocks go back, an hour exists twice"),
        choices=_FOLDS,
        required=False,
    )

    def zone(self) -> ZoneInfo:
        """The clocks of the place."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"day", "start", "end"} <= data.keys():
            data["starts_at"] = self._instant("start", data["day"])
            data["ends_at"] = self._instant("end", data.get("end_day") or data["day"])
        return data

    def _instant(self, name: str, day: datetime.date) -> datetime.datetime | None:
        data = self.cleaned_data
        local = datetime.datetime.combine(day, data[name], tzinfo=self.zone())
        fold = int(data["fold"]) if data.get("fold") else None
        try:
            return instant(local=local, zone=self.zone(), fold=fold)
        except Refused as refused:
            self.add_error(name, str(refused))
            return None


class AgendaZoneTimes(TimesForm):
    """Times by the clocks of the mandate's place."""

    def zone_name(self) -> TimeZone:
        names = CitizenAgenda.objects.order_by("-mandate").values_list("timezone", flat=True)
        return TimeZone(names.first() or TimeZone.PARIS)

    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name())


def times_of(starts_at: datetime.datetime, ends_at: datetime.datetime) -> dict[str, Any]:
    """What `TimesForm` shows of two local times."""
    return {
        "day": starts_at.date(),
        "start": starts_at.time().replace(second=0, microsecond=0),
        "end": ends_at.time().replace(second=0, microsecond=0),
        "end_day": ends_at.date() if ends_at.date() != starts_at.date() else None,
    }


def point_field(**options: Any) -> GeometryField:
    return GeometryField(geometry_kinds=(GeometryKind.POINT,), **options)


def drawn(geometry: Any) -> Drawing:
    """A geometry as the drawing field shows it."""
    return Drawing(geometry=geometry)


def geometry_of(drawing: Drawing | None) -> Any:
    return drawing.geometry if drawing is not None else None


def districts() -> Any:
    """Neighbourhoods and boroughs, without their outlines."""
    return (
        Territory.objects.of_kinds(["neighbourhood", "borough"])
        .defer("geometry")
        .order_by("name", "pk")
    )
