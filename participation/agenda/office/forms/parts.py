"""The rows of an event, one form each; `row()` is what the service saves."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import DocumentKind
from participation.agenda.models import (
    BudgetLine,
    Event,
    LogisticsTask,
    ProgrammeEntry,
    RegistrationQuestion,
    Seating,
    Speaker,
    Stop,
)
from participation.agenda.office.forms.fields import (
    DayInput,
    HourInput,
    drawn,
    geometry_of,
    point_field,
)


class PartForm(forms.ModelForm):
    """The row as written; nothing is saved here."""

    def row(self) -> Any:
        return self.instance


class SpeakerForm(PartForm):
    class Meta:
        model = Speaker
        fields = ["name", "role"]


class ProgrammeForm(PartForm):
    class Meta:
        model = ProgrammeEntry
        fields = ["starts_at", "title", "text"]
        widgets = {"starts_at": HourInput()}


class StopForm(PartForm):
    place = point_field(label=_("Place on the map"))

    class Meta:
        model = Stop
        fields = ["title", "text"]

    def __init__(self, data: Any = None, *, instance: Stop | None = None) -> None:
        initial = {"place": drawn(instance.point)} if instance is not None else {}
        super().__init__(data, instance=instance, initial=initial)

    def row(self) -> Stop:
        self.instance.point = geometry_of(self.cleaned_data["place"])
        return self.instance


class LogisticsForm(PartForm):
    done = forms.BooleanField(label=_("Done"), required=False)

    class Meta:
        model = LogisticsTask
        fields = ["label", "owner", "due_on"]
        widgets = {"due_on": DayInput()}

    def __init__(self, data: Any = None, *, instance: LogisticsTask | None = None) -> None:
        initial = {"done": instance is not None and instance.done_at is not None}
        super().__init__(data, instance=instance, initial=initial)

    def row(self) -> LogisticsTask:
        task = self.instance
        if self.cleaned_data["done"] != (task.done_at is not None):
            task.done_at = timezone.now() if self.cleaned_data["done"] else None
        return task


def _euros(label: Any, *, required: bool) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_digits=12, decimal_places=2, required=required
    )


class BudgetLineForm(PartForm):
    """Typed in euros, kept in cents."""

    planned_euros = _euros(_("Planned (€)"), required=True)
    spent_euros = _euros(_("Spent (€)"), required=False)

    class Meta:
        model = BudgetLine
        fields = ["label"]

    def __init__(self, data: Any = None, *, instance: BudgetLine | None = None) -> None:
        initial: dict[str, Any] = {}
        if instance is not None:
            initial = {
                "planned_euros": Decimal(instance.planned) / 100,
                "spent_euros": None if instance.spent is None else Decimal(instance.spent) / 100,
            }
        super().__init__(data, instance=instance, initial=initial)

    def row(self) -> BudgetLine:
        line, data = self.instance, self.cleaned_data
        line.planned = int(data["planned_euros"] * 100)
        line.spent = None if data["spent_euros"] is None else int(data["spent_euros"] * 100)
        return line


class QuestionForm(PartForm):
    options_text = forms.CharField(
        label=_("Choices, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = RegistrationQuestion
        fields = ["label", "kind", "required"]

    def __init__(self, data: Any = None, *, instance: RegistrationQuestion | None = None) -> None:
        initial = {"options_text": "\n".join(instance.options)} if instance is not None else {}
        super().__init__(data, instance=instance, initial=initial)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        lines = [line.strip() for line in data.get("options_text", "").splitlines()]
        data["options"] = [line for line in lines if line]
        if data.get("kind") == "choice" and len(data["options"]) < 2:
            self.add_error("options_text", _("Give at least two choices."))
        return data

    def row(self) -> RegistrationQuestion:
        self.instance.options = self.cleaned_data["options"]
        return self.instance


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices)
    title = forms.CharField(label=_("Title"), max_length=150)
    file = forms.FileField(label=_("File"))
    alt = forms.CharField(
        label=_("Description for people who don't see it (photos)"), max_length=250, required=False
    )
    consent = forms.BooleanField(
        label=_("The people shown agreed"),
        required=False,
        help_text=_("A photo is public only with their consent."),
    )


class SeatingForm(PartForm):
    reminder_hours = forms.CharField(
        label=_("Reminders (hours before, separated by commas)"), required=False, initial="48, 3"
    )

    class Meta:
        model = Seating
        fields = [
            *("capacity", "reserved", "companions", "opens_at", "closes_at", "waiting_list"),
            *("offer_hours", "asks_needs", "minors"),
        ]
        widgets = {
            "opens_at": forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            ),
            "closes_at": forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            ),
        }

    def __init__(self, data: Any = None, *, event: Event) -> None:
        known = Seating.objects.filter(event=event).first()
        if known is None:
            initial: dict[str, Any] = {"opens_at": timezone.now(), "closes_at": event.starts_at}
        else:
            initial = {"reminder_hours": ", ".join(map(str, known.reminders))}
        super().__init__(data, instance=known, initial=initial)

    def clean_reminder_hours(self) -> list[int]:
        try:
            hours = [int(each) for each in self.cleaned_data["reminder_hours"].split(",") if each]
        except ValueError:
            raise forms.ValidationError(_("Write whole hours, such as 48, 3.")) from None
        if any(not 1 <= each <= 720 for each in hours):
            raise forms.ValidationError(_("A reminder goes 1 to 720 hours before."))
        return sorted(set(hours), reverse=True)

    def row(self) -> Seating:
        self.instance.reminders = self.cleaned_data["reminder_hours"]
        return self.instance
