"""Events that come back: how often, until when, and which of the dates a change is for."""

import datetime
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import Scope
from participation.agenda.models import Event
from participation.agenda.office.forms.fields import DayInput
from participation.agenda.recurrence import Repetition, Rhythm, is_last_weekday, nth_weekday
from participation.core.verdict import Refused

_ORDINALS = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("fifth")}


class RepeatForm(forms.Form):
    """How often and until when; `keep` holds the days that the officer keeps of the preview."""

    rhythm = forms.ChoiceField(label=_("It comes back"), widget=forms.RadioSelect)
    every = forms.IntegerField(
        label=_("Every how many days, weeks, months or years"),
        initial=1,
        min_value=1,
        max_value=52,
        help_text=_("1 for each one, 2 for every other one."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        coerce=int,
        choices=list(WEEKDAYS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For a weekly recurrence. The day of the first date always counts."),
    )
    until = forms.DateField(label=_("Until this day, included"), required=False, widget=DayInput())
    count = forms.IntegerField(
        label=_("Or this number of dates, the first one included"),
        required=False,
        min_value=2,
        max_value=9999,
    )

    def __init__(self, data: Any = None, *, event: Event) -> None:
        self.event = event
        super().__init__(data, initial={"rhythm": Rhythm.WEEK})
        field: Any = self.fields["rhythm"]
        field.choices = _rhythms(event.local_start.date())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"rhythm", "every", "until", "count"} <= data.keys():
            repetition = self.repetition()
            try:
                repetition.verdict(first=self.event.local_start).or_refuse()
            except Refused as refused:
                for refusal in refused.verdict.refusals:
                    self.add_error(None, str(refusal))
        return data

    def repetition(self) -> Repetition:
        data = self.cleaned_data
        return Repetition(
            rhythm=Rhythm(data["rhythm"]),
            every=data["every"],
            weekdays=tuple(data.get("weekdays") or ()),
            until=data["until"],
            count=data["count"],
        )

    def left_out(self) -> list[datetime.date]:
        """The days of the recurrence whose box was unticked: `keep` holds the others."""
        kept = set(self.data.getlist("keep")) if hasattr(self.data, "getlist") else set()
        dates = self.repetition().dates(first=self.event.local_start)[1:]
        return [each.date() for each in dates if each.date().isoformat() not in kept]


def ask_scope(form: forms.Form, event: Event) -> None:
    """Ask which dates it is for, when the event is one of a series."""
    if event.series_id is not None:
        form.fields["scope"] = forms.ChoiceField(
            label=_("For which dates of the series"),
            choices=Scope.choices,
            initial=Scope.ONE,
            widget=forms.RadioSelect,
        )


def scope_of(form: forms.Form) -> Scope:
    return Scope(form.cleaned_data.get("scope") or Scope.ONE)


def _rhythms(day: datetime.date) -> list[tuple[str, str]]:
    """What may come back from that day, in words that name it."""
    name = str(WEEKDAYS[day.weekday()]).lower()
    words = {"day": day.day, "weekday": name, "nth": _ORDINALS[nth_weekday(day)]}
    found = [
        (Rhythm.WEEK, gettext("each week")),
        (Rhythm.MONTH_WEEKDAY, gettext("each month, the %(nth)s %(weekday)s") % words),
        (Rhythm.MONTH_DATE, gettext("each month, on day %(day)s") % words),
        (Rhythm.YEAR, gettext("each year, the same day")),
        (Rhythm.DAY, gettext("each day")),
    ]
    if is_last_weekday(day):
        found.insert(2, (Rhythm.MONTH_LAST, gettext("each month, the last %(weekday)s") % words))
    return [(str(rhythm), label) for rhythm, label in found]
