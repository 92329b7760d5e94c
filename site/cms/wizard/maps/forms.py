"""The one form that makes a participatory map."""

from typing import Any, cast

from django import forms
from django.contrib.gis.geos import MultiPolygon
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from cms.wizard.forms import DateInput
from maps.choices import GeometryKind, TerritoryKind
from maps.forms import GeometryField
from maps.models import Territory
from participation.core.choices import ModerationMode
from participation.core.models import Directorate, Process
from participation.mapping.office.forms.places import areas_of, as_multi
from participation.mapping.services.setup import TEMPLATES


class NewMapForm(forms.Form):
    """Everything a map needs to exist as a draft, in a process that exists or in a new one."""

    title = forms.CharField(label=_("Title"), max_length=80)
    template = forms.ChoiceField(
        label=_("Categories to start from"),
        widget=forms.RadioSelect,
        help_text=_("All of them can be changed or removed afterwards."),
    )
    process = forms.ModelChoiceField(
        label=_("Process"),
        queryset=Process.objects.filter(cancelled_at=None).order_by("-created_at", "-pk"),
        required=False,
        empty_label=_("A new process, made with this form"),
    )

    collect_from = forms.DateField(label=_("Contributions from"), widget=DateInput())
    collect_until = forms.DateField(label=_("to (included)"), widget=DateInput())
    answers_until = forms.DateField(
        label=_("Answers until (included)"),
        widget=DateInput(),
        help_text=_("The administration studies contributions and answers in between."),
    )

    perimeter = forms.ModelChoiceField(
        label=_("Territory"),
        queryset=Territory.objects.defer("geometry").order_by("kind", "name", "pk"),
        required=False,
        help_text=_("For a new process. Where one may draw, unless an area is given below."),
    )
    parts = forms.ChoiceField(label=_("Contributions are sorted by"), choices=TerritoryKind.choices)
    area = GeometryField(
        label=_("Area, when it is not the whole territory"),
        geometry_kinds=(GeometryKind.AREA,),
        required=False,
    )
    area_file = forms.FileField(
        label=_("Or a file of areas"),
        required=False,
        help_text=_("GeoJSON, KML, Shapefile (zip) or GeoPackage; its areas are put together."),
    )

    moderation = forms.ChoiceField(
        label=_("Contributions are"), choices=ModerationMode.choices, widget=forms.RadioSelect
    )
    without_account = forms.BooleanField(
        label=_("Take contributions without an account"),
        required=False,
        help_text=_("Each is confirmed by a link sent by e-mail before it counts."),
    )
    per_person = forms.IntegerField(
        label=_("Contributions per person, at most"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("Empty: no limit."),
    )
    shows_others = forms.BooleanField(
        label=_("Show others' contributions while the map is open"), required=False
    )
    introduction = forms.CharField(
        label=_("Introduction"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    owner = forms.ModelChoiceField(
        label=_("Directorate in charge"),
        queryset=Directorate.objects.order_by("name", "pk"),
        required=False,
    )
    contact_name = forms.CharField(label=_("Contact"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Contact’s e-mail address"), required=False)
    terms = forms.CharField(
        label=_("Terms of participation"),
        help_text=_("The law wants them published with the process (CRPA L131-1). Adapt them."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        required=False,
    )

    fieldsets = [
        (_("The map"), ("title", "template", "introduction", "process")),
        (_("The dates"), ("collect_from", "collect_until", "answers_until")),
        (_("The place"), ("perimeter", "parts", "area", "area_file")),
        (_("The rules"), ("moderation", "without_account", "per_person", "shows_others")),
        (_("For a new process"), ("owner", "contact_name", "contact_email", "terms")),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["template"]).choices = [
            (
                key,
                "{} – {}".format(
                    template.label, ", ".join(str(each.name) for each in template.categories)
                ),
            )
            for key, template in TEMPLATES.items()
        ]

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields by section, for the template."""
        return [(label, [self[name] for name in names]) for label, names in self.fieldsets]

    def clean_title(self) -> str:
        title = self.cleaned_data["title"].strip()
        self.cleaned_data["slug"] = slugify(title)[:80]
        if not self.cleaned_data["slug"]:
            raise forms.ValidationError(_("The title needs letters or figures."))
        return title

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("process") is None:
            for name in ("owner", "contact_name", "contact_email", "terms"):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, _("A new process needs it."))
        self._dates_in_order(data)
        data["drawn_perimeter"] = self._area(data)
        return data

    def _area(self, data: dict[str, Any]) -> MultiPolygon | None:
        drawing = data.get("area")
        if data.get("area_file"):
            try:
                areas = areas_of(data["area_file"])
            except forms.ValidationError as fault:
                self.add_error("area_file", fault)
                return None
            whole: Any = None
            for _name, outline, _told in areas:
                whole = outline if whole is None else whole.union(outline)
            return as_multi(whole) if whole is not None else None
        if drawing is not None and drawing.geometry is not None:
            return as_multi(drawing.geometry)
        return None

    def _dates_in_order(self, data: dict[str, Any]) -> None:
        first, last, answers = (
            data.get(name) for name in ("collect_from", "collect_until", "answers_until")
        )
        if first and last and last < first:
            self.add_error("collect_until", _("The map closes before it opens."))
        if last and answers and answers <= last:
            self.add_error("answers_until", _("Answers come after the last contributions."))
