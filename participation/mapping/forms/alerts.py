"""What somebody asks to be told of."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from maps import geocoding
from maps.choices import GeometryKind
from maps.forms import GeometryField, Location, LocationField
from maps.models import Territory
from participation.core.distances import distance_words
from participation.mapping.choices import Frequency, Place
from participation.mapping.forms.contribution import read_key
from participation.mapping.forms.guests import TrappedForm
from participation.mapping.models import MapCategory, ParticipatoryMap
from participation.mapping.services import Watch

RADII = (100, 200, 300, 500, 1000, 2000, 3000, 5000)
"""Metres to choose from."""
USUAL_RADIUS = 500
LABEL_LIMIT = 150
_OF_PLACE = {
    Place.AROUND: ("around", "radius"),
    Place.DISTRICT: ("district",),
    Place.DRAWN: ("drawn",),
}


class AlertForm(forms.Form):
    """Where, what and when; `watch()` gives what the service takes.

    Only the fields of the chosen place count: what was typed in the others is no mistake.
    """

    place = forms.ChoiceField(
        label=_("Where?"), choices=Place.choices, widget=forms.RadioSelect, initial=Place.WHOLE
    )
    radius = forms.TypedChoiceField(label=_("Within"), coerce=int, required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    category = forms.ChoiceField(label=pgettext_lazy("map", "Category"), required=False)
    words = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100,
        help_text=_("Only contributions that say them. Leave empty for all."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    frequency = forms.ChoiceField(
        label=_("When?"),
        choices=Frequency.choices,
        widget=forms.RadioSelect,
        initial=Frequency.DAILY,
    )
    label = forms.CharField(
        label=_("Name of this alert"),
        required=False,
        max_length=LABEL_LIMIT,
        help_text=_("It is the subject of the messages. Left empty, we give it one."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        map: ParticipatoryMap,
        categories: Sequence[MapCategory],
        districts: Sequence[Territory],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.map = map
        self.categories = {str(each.pk): each for each in categories}
        self.districts = {str(each.pk): each for each in districts}
        perimeter = map.activity.process.perimeter
        self.fields["around"] = LocationField(
            label=_("Around which place?"), required=False, perimeter=perimeter, kinds=()
        )
        self.fields["drawn"] = GeometryField(
            label=_("Which area?"),
            required=False,
            geometry_kinds=(GeometryKind.AREA,),
            perimeter=map.drawn_perimeter or perimeter,
            perimeter_name=map.activity.title if map.drawn_perimeter else "",
            kinds=(),
        )
        _offer(self.fields["radius"], ((each, distance_words(each)) for each in RADII))
        named = [(key, each.name) for key, each in self.categories.items()]
        _offer(self.fields["category"], [("", pgettext_lazy("map", "All categories")), *named])
        parts = [(key, each.name) for key, each in self.districts.items()]
        _offer(self.fields["district"], [("", _("Choose")), *parts])
        if not self.districts:
            offered = [choice for choice in Place.choices if choice[0] != Place.DISTRICT]
            _offer(self.fields["place"], offered)

    def clean_submission_key(self) -> uuid.UUID:
        """A key that was tampered with is replaced: nobody could mend a hidden field."""
        return read_key(self.cleaned_data["submission_key"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("place", "")
        for place, names in _OF_PLACE.items():
            for name in names if place != chosen else ():
                self.errors.pop(name, None)
        if chosen == Place.AROUND and "around" not in self.errors:
            self._find(cleaned)
        if chosen == Place.DISTRICT and "district" not in self.errors and not cleaned["district"]:
            self.add_error("district", _("Choose a district."))
        if chosen == Place.DRAWN and "drawn" not in self.errors and not cleaned["drawn"].geometry:
            self.add_error("drawn", _("Draw the area on the map, or write its points."))
        return cleaned

    def _find(self, cleaned: dict[str, Any]) -> None:
        """The point of an address, when only the address was given."""
        location: Location = cleaned["around"]
        if location.point is not None:
            return
        if not location.address:
            self.add_error("around", _("Give an address, or place a point."))
            return
        perimeter = self.map.activity.process.perimeter
        found = geocoding.search(location.address, within=perimeter, limit=1)
        if found.places:
            place = found.places[0]
            cleaned["around"] = replace(location, point=place.point, address=place.label)
        elif found.available:
            self.add_error(
                "around",
                ValidationError(
                    _("No place found for “%(address)s”: write it otherwise, or place a point."),
                    params={"address": location.address},
                ),
            )
        else:
            self.add_error(
                "around",
                _("Addresses can't be looked up just now: place a point, or choose a district."),
            )

    def show_as_typed(self) -> None:
        """Show what was typed without judging it."""
        self.full_clean()
        self._errors = ErrorDict()

    def watch(self) -> Watch:
        """What is followed; call it after `is_valid()`."""
        cleaned = self.cleaned_data
        place = cleaned["place"]
        watch = Watch(
            label=cleaned["label"] or self._given_name(),
            frequency=cleaned["frequency"],
            map=self.map,
            category=self.categories.get(cleaned["category"]),
            words=cleaned["words"],
        )
        if place == Place.AROUND:
            radius = cleaned["radius"] or USUAL_RADIUS
            return replace(watch, centre=cleaned["around"].point, radius_metres=radius)
        if place == Place.DISTRICT:
            return replace(watch, area=_area_of(self.districts[cleaned["district"]]))
        if place == Place.DRAWN:
            drawn = cleaned["drawn"].geometry
            return replace(watch, area=MultiPolygon(drawn, srid=drawn.srid))
        return watch

    def _given_name(self) -> str:
        cleaned = self.cleaned_data
        category = self.categories.get(cleaned["category"])
        what = category.name if category else gettext("Contributions")
        if cleaned["words"]:
            what = gettext("%(what)s with “%(words)s”") % {"what": what, "words": cleaned["words"]}
        name = gettext("%(name)s: %(value)s") % {"name": what, "value": self._place_words()}
        return name[:LABEL_LIMIT]

    def _place_words(self) -> str:
        cleaned = self.cleaned_data
        match cleaned["place"]:
            case Place.AROUND:
                return gettext("%(distance)s around %(place)s") % {
                    "distance": distance_words(cleaned["radius"] or USUAL_RADIUS),
                    "place": cleaned["around"].address or gettext("the place chosen"),
                }
            case Place.DISTRICT:
                return self.districts[cleaned["district"]].name
            case Place.DRAWN:
                return gettext("the area drawn")
            case _:
                return self.map.activity.title


class VisitorForm(TrappedForm):
    """The address of somebody without an account."""

    field_order = ("email", "website")

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You get one message first: its link confirms the alert."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Give an address: the messages are sent there.")},
    )


def _offer(field: forms.Field, choices: Iterable[tuple[Any, Any]]) -> None:
    field.choices = list(choices)  # type: ignore[attr-defined]  # a ChoiceField


def _area_of(territory: Territory) -> MultiPolygon:
    """The boundary, which lists leave out: one query."""
    area: MultiPolygon = Territory.objects.only("geometry").get(pk=territory.pk).geometry
    return area
