"""The field that asks where: on the map, in a list, or in words. It works without any of the three.

The server gets four plain inputs (`<name>_lat`, `_lon`, `_territory`, `_address`), so that a page
without JavaScript, without a map or without a mouse says the same thing.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from leaflet.forms.widgets import LeafletWidget

from maps import queries
from maps.assets import leaflet_url, territories_url
from maps.forms.places import ADDRESS_MAX_LENGTH, PartsWidget, PlaceField
from maps.models import Territory
from maps.references import reference

PARTS = ("lat", "lon", "territory", "address")


@dataclass(frozen=True, slots=True)
class Location:
    """Where something is, as far as its author said.

    `point` is in WGS 84; `territory` is the one chosen or the one the point is in; `address` is the
    author's own words.
    """

    point: Point | None = None
    territory: Territory | None = None
    address: str = ""

    def __bool__(self) -> bool:
        return bool(self.point or self.territory or self.address)


class LocationWidget(PartsWidget, LeafletWidget):
    """Plain inputs, and a map over them when there is JavaScript."""

    template_name = "maps/location_widget.html"
    geom_type = "POINT"
    parts = PARTS

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.field: LocationField | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, dict(attrs or {}))
        field = self.field
        perimeter = field.perimeter if field else None
        typed = _typed(value)
        kind = field.kinds[0] if field and field.kinds else ""
        attributes = context["widget"]["attrs"]
        context.update(
            typed=typed,
            choices=[
                {"pk": each.pk, "name": each.name, "chosen": str(each.pk) == typed["territory"]}
                for each in (field.territories if field else [])
            ],
            choice_label=field.territory_label if field else "",
            perimeter=perimeter,
            within=reference(perimeter) if perimeter else "",
            map_id=f"{attributes.get('id') or name}-map",
            places_url=reverse("maps:places"),
            territories_url=territories_url(perimeter, kind),
            leaflet_url=leaflet_url(),
            described_by=attributes.get("aria-describedby", ""),
            invalid=attributes.get("aria-invalid", "") == "true",
            address_max_length=ADDRESS_MAX_LENGTH,
            with_map=field.with_map if field else True,
        )
        return context


def _typed(value: Any) -> dict[str, str]:
    """The four inputs' contents, from a `Location` or from what a form received."""
    match value:
        case Location():
            return {
                "lat": f"{value.point.y:.6f}" if value.point else "",
                "lon": f"{value.point.x:.6f}" if value.point else "",
                "territory": str(value.territory.pk) if value.territory else "",
                "address": value.address,
            }
        case Mapping():
            return {part: str(value.get(part, "")) for part in PARTS}
        case _:
            return dict.fromkeys(PARTS, "")


class LocationField(PlaceField):
    """Asks where something is; gives a `Location`.

    - `perimeter`: the territory that a point must be in; set it in the form's `__init__` when it
      depends on the page (`self.fields["location"].perimeter = …`).
    - `kinds`: kinds of territory to choose from among the perimeter's parts, and to deduce from a
      point.
    - `required`: at least one of point, territory and address.

    Error codes: `required`, `not_a_number`, `incomplete_point`, `out_of_range`, `swapped`,
    `outside`, `unknown_territory`, `elsewhere`, `address_too_long`, `control_characters`.
    """

    widget = LocationWidget
    default_error_messages = {
        "required": gettext_lazy("Say where: on the map, in the list or with an address."),
    }

    def _offered(self) -> Iterable[Territory]:
        if self._perimeter is None:
            return []
        return queries.children(self._perimeter).of_kinds(self.kinds)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _typed(initial) != _typed(data)

    def clean(self, value: Any) -> Location:
        typed = {part: text.strip() for part, text in _typed(value).items()}
        address = self._address(typed["address"])
        chosen = self._territory(typed["territory"])
        point = self._point(typed["lat"], typed["lon"])
        if point is not None:
            chosen = self._agreeing(point, chosen)
        location = Location(point=point, territory=chosen, address=address)
        if self.required and not location:
            raise ValidationError(self.error_messages["required"], code="required")
        return location

    def _point(self, latitude: str, longitude: str) -> Point | None:
        if not latitude and not longitude:
            return None
        if not latitude or not longitude:
            raise ValidationError(
                _("A point needs both its latitude and its longitude."), code="incomplete_point"
            )
        y = _degrees(latitude, _("“%(value)s” is not a latitude: write for example 43.6045."))
        x = _degrees(longitude, _("“%(value)s” is not a longitude: write for example 1.4440."))
        if abs(y) > 90 or abs(x) > 180:
            raise ValidationError(
                _(
                    "This point is not on Earth: a latitude goes from −90 to 90, a longitude from "
                    "−180 to 180."
                ),
                code="out_of_range",
            )
        # Six decimals: a tenth of a metre; the rest is noise, and tells more than it should.
        return Point(round(x, 6), round(y, 6), srid=4326)

    def _agreeing(self, point: Point, chosen: Territory | None) -> Territory | None:
        """The territory of `point`, which must be in the perimeter and in the one chosen."""
        if self._perimeter is not None and not queries.covers(self._perimeter, point):
            swapped = Point(point.y, point.x, srid=4326)
            if abs(point.x) <= 90 and queries.covers(self._perimeter, swapped):
                raise ValidationError(
                    _("Latitude and longitude seem to be the wrong way round."), code="swapped"
                )
            raise ValidationError(
                _("This point is outside %(perimeter)s."),
                code="outside",
                params={"perimeter": self._perimeter.name},
            )
        if chosen is None:
            around = queries.territories_at(point, kinds=self.kinds)
            if self._perimeter is not None:
                around = around.filter(parent=self._perimeter)
            found: Territory | None = around.light().first()
            return found
        if not queries.covers(chosen, point):
            raise ValidationError(
                _(
                    "The point is not in “%(territory)s”: move it, or choose another place in the "
                    "list."
                ),
                code="elsewhere",
                params={"territory": chosen.name},
            )
        return chosen


def _degrees(text: str, message: str) -> float:
    """A number of degrees, with a decimal point or a French decimal comma."""
    plain = text.replace(",", ".").replace("−", "-").replace("\u00a0", "")
    try:
        number = float(plain)
    except ValueError:
        number = math.nan
    # float() also reads "nan", "inf" and "1_0".
    if not math.isfinite(number) or "_" in plain:
        raise ValidationError(message, code="not_a_number", params={"value": text[:40]})
    return number
