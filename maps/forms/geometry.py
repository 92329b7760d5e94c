"""The field that asks for a point, a line or an area; it needs neither a map nor JavaScript.

The server gets four plain inputs (`<name>_kind`, `_vertices`, `_territory`, `_address`): what is
drawn on the map is written, point by point, in the same text that a person may type.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maps import drawing as drawings
from maps import queries
from maps.assets import leaflet_url, sprite_url, territories_url
from maps.choices import GeometryKind
from maps.drawing import measures, perimeters
from maps.drawing.perimeters import Perimeter
from maps.forms.places import ADDRESS_MAX_LENGTH, PartsWidget, PlaceField
from maps.geojson import geometry_object
from maps.models import Territory
from maps.references import reference

PARTS = ("kind", "vertices", "territory", "address")
ALL_KINDS = tuple(GeometryKind)
MAX_TEXT = 200 * drawings.MAX_VERTICES  # characters
OUTLINE_TOLERANCE_DEGREES = 0.000_05


@dataclass(frozen=True, slots=True)
class Drawing:
    """What somebody drew, as far as they did.

    `geometry` (WGS 84): a Point, a LineString or a Polygon without holes, valid, six decimals;
    `None` when only a territory or an address is given. `territory` is the one chosen, or the one
    where the middle of the drawing is; `address` is the author's own words. `notes` say what was
    mended.
    """

    geometry: GEOSGeometry | None = None
    territory: Territory | None = None
    address: str = ""
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        return bool(self.geometry or self.territory or self.address)

    @property
    def kind(self) -> GeometryKind | None:
        """Point, line or area; `None` without a geometry."""
        return measures.kind_of(self.geometry) if self.geometry else None


class GeometryWidget(PartsWidget):
    """Plain inputs, and drawing tools over them when there is JavaScript."""

    template_name = "maps/drawing_widget.html"
    parts = PARTS

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.field: GeometryField | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, dict(attrs or {}))
        field = self.field or GeometryField()
        typed = typed_parts(value)
        attributes = context["widget"]["attrs"]
        base = attributes.get("id") or name
        area = field.area
        box = area.box
        territory = area.territory
        kinds = field.geometry_kinds
        chosen = typed["kind"] if typed["kind"] in kinds else kinds[0]
        followed, by_value = field.followed
        context.update(
            base=base,
            typed=typed,
            kinds=[
                {"value": kind.value, "label": kind.label, "chosen": kind == chosen}
                for kind in map(GeometryKind, kinds)
            ],
            kinds_from=followed,
            kinds_by=by_value,
            choices=[
                {"pk": each.pk, "name": each.name, "chosen": str(each.pk) == typed["territory"]}
                for each in field.territories
            ],
            choice_label=field.territory_label,
            perimeter_label=area.label if box else "",
            box=box,
            scale=measures.scale_at((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) if box else 1.0,
            outline=_outline(area.shape),
            outline_id=f"{base}-outline",
            kinds_id=f"{base}-kinds",
            within=reference(territory) if territory else "",
            territories_url=territories_url(territory, field.kinds[0] if field.kinds else ""),
            places_url=reverse("maps:places"),
            leaflet_url=leaflet_url(),
            sprite_url=sprite_url(),
            described_by=attributes.get("aria-describedby", ""),
            invalid=attributes.get("aria-invalid", "") == "true",
            address_max_length=ADDRESS_MAX_LENGTH,
            max_vertices=field.max_vertices,
            with_map=field.with_map,
        )
        return context


def _outline(shape: MultiPolygon | Polygon | None) -> dict[str, Any] | None:
    """A perimeter drawn by hand, as the map draws it: written into the page."""
    if shape is None:
        return None
    return geometry_object(
        shape.simplify(OUTLINE_TOLERANCE_DEGREES, preserve_topology=True), decimals=5
    )


def typed_parts(value: Any) -> dict[str, str]:
    """The four inputs' contents, from a `Drawing` or from what a form received.

    Raises `ValueError` for a geometry with several parts or holes: it can't be edited by points.
    """
    match value:
        case Drawing():
            geometry = value.geometry
            return {
                "kind": value.kind or "",
                "vertices": drawings.vertices_text(geometry) if geometry else "",
                "territory": str(value.territory.pk) if value.territory else "",
                "address": value.address,
            }
        case Mapping():
            return {part: str(value.get(part, "")) for part in PARTS}
        case _:
            return dict.fromkeys(PARTS, "")


class GeometryField(PlaceField):
    """Asks for a point, a line or an area; gives a `Drawing`.

    - `geometry_kinds`: what may be drawn (`GeometryKind` values), the first proposed first; set it
      in the form's `__init__` when it depends on the page;
    - `perimeter`: a `Territory`, or a MultiPolygon in WGS 84, that all of the drawing must be in;
      `perimeter_name`: how sentences call a shape;
    - `kinds`: kinds of territory to choose from, and to deduce from the drawing;
    - `geometry_required`: an address or a territory is not enough;
    - `max_vertices`, `max_length_metres` (lines), `max_area_square_metres` (areas);
    - `required`: at least one of drawing, territory and address.

    Error codes: `required`, `no_drawing`, `unknown_kind`, `kind_not_allowed`, `elsewhere`,
    `unknown_territory`, `address_too_long`, `control_characters`, those of `drawing.read`, of
    `drawing.shape_of` and of `perimeters.check_inside`.
    """

    widget = GeometryWidget
    default_error_messages = {
        "required": gettext_lazy("Say where: on the map, in the list or with an address."),
        "no_drawing": gettext_lazy("Draw on the map, or write at least one point."),
        "kind_not_allowed": gettext_lazy("%(kind)s: this can't be drawn here. Choose: %(kinds)s."),
    }

    def __init__(
        self,
        *,
        geometry_kinds: Sequence[str] = ALL_KINDS,
        perimeter: Territory | MultiPolygon | Polygon | None = None,
        perimeter_name: str = "",
        geometry_required: bool = False,
        max_vertices: int = drawings.MAX_VERTICES,
        max_length_metres: float | None = None,
        max_area_square_metres: float | None = None,
        **options: Any,
    ) -> None:
        self.geometry_kinds: tuple[str, ...] = tuple(geometry_kinds)
        self.perimeter_name = perimeter_name
        self.geometry_required = geometry_required
        self.max_vertices = max_vertices
        self.max_length_metres = max_length_metres
        self.max_area_square_metres = max_area_square_metres
        self.followed: tuple[str, dict[str, list[str]]] = ("", {})
        super().__init__(perimeter=perimeter, **options)

    @property
    def area(self) -> Perimeter:
        """The perimeter, whichever way it was given."""
        if isinstance(self._perimeter, Territory):
            return Perimeter(territory=self._perimeter, name=self.perimeter_name)
        return Perimeter(shape=self._perimeter, name=self.perimeter_name)

    def follow(self, html_name: str, kinds_by_value: Mapping[str, Sequence[str]]) -> None:
        """Let another field of the form say what may be drawn, without a reload in the browser.

        `html_name`: that field's name in the page (`self.add_prefix("category")`);
        `kinds_by_value`: each of its values → `GeometryKind` values. The form's `clean` then calls
        `check_kind`.
        """
        self.followed = (html_name, {key: list(kinds) for key, kinds in kinds_by_value.items()})
        wanted = {kind for kinds in kinds_by_value.values() for kind in kinds}
        self.geometry_kinds = tuple(kind for kind in ALL_KINDS if kind in wanted) or ALL_KINDS

    def check_kind(self, drawing: Drawing, chosen: str) -> None:
        """Raises `ValidationError` (`kind_not_allowed`) when `chosen` forbids this drawing."""
        kinds = self.followed[1].get(chosen)
        if kinds is not None and drawing.kind is not None and drawing.kind not in kinds:
            raise self._not_allowed(drawing.kind, kinds)

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, after = typed_parts(initial), typed_parts(data)
        if not after["vertices"].strip() and not before["vertices"].strip():
            before["kind"] = after["kind"] = ""  # a kind without a drawing says nothing
        for each in (before, after):  # browsers send \r\n
            each["vertices"] = each["vertices"].replace("\r", "").strip()
        return before != after

    def clean(self, value: Any) -> Drawing:
        typed = {part: text.strip() for part, text in typed_parts(value).items()}
        address = self._address(typed["address"])
        chosen = self._territory(typed["territory"])
        shape = self._shape(typed["kind"], typed["vertices"])
        if shape is not None:
            chosen = self._agreeing(shape.geometry, chosen)
        drawing = Drawing(
            geometry=shape.geometry if shape else None,
            territory=chosen,
            address=address,
            notes=shape.notes if shape else (),
        )
        if self.geometry_required and shape is None:
            raise ValidationError(self.error_messages["no_drawing"], code="no_drawing")
        if self.required and not drawing:
            raise ValidationError(self.error_messages["required"], code="required")
        return drawing

    def _offered(self) -> Iterable[Territory]:
        return self.area.parts(self.kinds)

    def _shape(self, kind: str, text: str) -> drawings.Shape | None:
        if not text:
            return None
        if len(text) > MAX_TEXT:
            raise ValidationError(
                _("This drawing is far too long: %(limit)s points at most."),
                code="too_many",
                params={"limit": self.max_vertices},
            )
        kind = kind or (self.geometry_kinds[0] if len(self.geometry_kinds) == 1 else "")
        if kind not in GeometryKind.values:
            raise ValidationError(
                _("Say what these points draw: a point, a line or an area."), code="unknown_kind"
            )
        if kind not in self.geometry_kinds:
            raise self._not_allowed(kind, self.geometry_kinds)
        area = self.area
        try:
            vertices = drawings.read(text, within=area.territory, limit=self.max_vertices)
            shape = drawings.shape_of(
                kind,
                vertices,
                max_length_metres=self.max_length_metres,
                max_area_square_metres=self.max_area_square_metres,
            )
            perimeters.check_inside(area, kind, shape.geometry, shape.vertices)
        except drawings.DrawingErrors as error:
            raise ValidationError(
                [ValidationError(problem.text, code=problem.code) for problem in error.problems]
            ) from error
        return shape

    def _agreeing(self, geometry: GEOSGeometry, chosen: Territory | None) -> Territory | None:
        """The territory chosen, which the drawing must meet, or the one where its middle is."""
        if chosen is not None:
            meets = Territory.objects.filter(pk=chosen.pk, geometry__intersects=geometry)
            if not meets.exists():
                raise ValidationError(
                    _(
                        "The drawing is not in “%(territory)s”: move it, or choose another place "
                        "in the list."
                    ),
                    code="elsewhere",
                    params={"territory": chosen.name},
                )
            return chosen
        around = queries.territories_at(_middle(geometry), kinds=self.kinds)
        if isinstance(self._perimeter, Territory):
            around = around.filter(parent=self._perimeter)
        found: Territory | None = around.light().first()
        return found

    def _not_allowed(self, kind: str, kinds: Iterable[str]) -> ValidationError:
        return ValidationError(
            self.error_messages["kind_not_allowed"],
            code="kind_not_allowed",
            params={
                "kind": GeometryKind(kind).label,
                "kinds": ", ".join(str(GeometryKind(each).label) for each in kinds),
            },
        )


def _middle(geometry: Any) -> Point:
    """A place on the drawing: half-way along a line, well inside an area."""
    if measures.kind_of(geometry) == GeometryKind.LINE:
        middle: Point = geometry.interpolate_normalized(0.5)
        middle.srid = geometry.srid
        return middle
    inside: Point = geometry.point_on_surface
    return inside
