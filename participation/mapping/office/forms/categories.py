"""Categories and questions. Icons and colours are chosen by sight, and named for who can't see."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maps.assets import sprite_url
from participation.mapping.choices import ICONS, Pattern, QuestionKind, Shape
from participation.mapping.services.setup import CategoryPlan, QuestionPlan

TONES = [
    (1, pgettext_lazy("colour", "Purple")),
    (2, pgettext_lazy("colour", "Brick")),
    (3, pgettext_lazy("colour", "Blue")),
    (4, pgettext_lazy("colour", "Green")),
    (5, pgettext_lazy("colour", "Ochre")),
    (6, pgettext_lazy("colour", "Raspberry")),
    (7, pgettext_lazy("colour", "Teal")),
    (8, pgettext_lazy("colour", "Grey")),
]


class PreviewSelect(forms.RadioSelect):
    """Radio buttons, each with a picture: `kind` is icon, tone or pattern."""

    template_name = "mapping_admin/preview_select.html"

    def __init__(self, kind: str, **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return {**context, "kind": self.kind, "sprite": sprite_url()}


class CategoryForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    description = forms.CharField(
        label=_("What it is for"),
        max_length=200,
        required=False,
        help_text=_("One sentence, read when choosing."),
    )
    shapes = forms.MultipleChoiceField(
        label=_("What one may draw"), choices=Shape.choices, widget=forms.CheckboxSelectMultiple
    )
    icon = forms.ChoiceField(
        label=_("Icon"), choices=list(ICONS.items()), widget=PreviewSelect("icon")
    )
    tone = forms.TypedChoiceField(
        label=_("Colour"), choices=TONES, coerce=int, widget=PreviewSelect("tone")
    )
    pattern = forms.ChoiceField(
        label=_("Pattern of lines and areas"),
        choices=Pattern.choices,
        widget=PreviewSelect("pattern"),
        help_text=_("It tells two categories apart without their colours."),
    )
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=999, initial=0)

    def plan(self) -> CategoryPlan:
        """What the service takes, of a form that is valid."""
        data = dict(self.cleaned_data)
        return CategoryPlan(shapes=tuple(data.pop("shapes")), **data)


class QuestionForm(forms.Form):
    label = forms.CharField(label=_("Question"), max_length=200)
    help_text = forms.CharField(label=_("Help"), max_length=250, required=False)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=QuestionKind.choices)
    options = forms.CharField(
        label=_("Answers to choose from"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For a list only: one per line."),
    )
    minimum = forms.DecimalField(
        label=_("Lowest number"), required=False, max_digits=14, decimal_places=4, localize=True
    )
    maximum = forms.DecimalField(
        label=_("Highest number"), required=False, max_digits=14, decimal_places=4, localize=True
    )
    is_required = forms.BooleanField(label=_("An answer is required"), required=False)
    is_public = forms.BooleanField(
        label=_("Answers are public"),
        required=False,
        initial=True,
        help_text=_("Once people have answered in confidence, it can't become public."),
    )
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=999, initial=0)

    def plan(self) -> QuestionPlan:
        """What the service takes, of a form that is valid."""
        data = dict(self.cleaned_data)
        return QuestionPlan(options=tuple(data.pop("options").splitlines()), **data)
