"""Ready-made maps: categories and questions to keep, change or remove."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.mapping.choices import Pattern, QuestionKind, Shape
from participation.mapping.services.setup.categories import CategoryPlan, QuestionPlan

_POINT, _LINE, _AREA = Shape.POINT, Shape.LINE, Shape.AREA


@dataclass(frozen=True, slots=True)
class MapTemplate:
    """A subject that maps are often made about."""

    key: str
    label: Any
    categories: tuple[CategoryPlan, ...]


_CYCLING = MapTemplate(
    "cycling",
    _("Cycling"),
    (
        CategoryPlan(
            _("Bike lane to create"),
            (_LINE,),
            "bike",
            4,
            questions=(
                QuestionPlan(
                    _("What would you use it for?"),
                    QuestionKind.CHOICES,
                    options=(
                        _("Going to work or to school"),
                        _("Shopping"),
                        _("Leisure"),
                        _("Something else"),
                    ),
                ),
            ),
        ),
        CategoryPlan(_("Bike parking to add"), (_POINT,), "parking", 3, Pattern.DOTS),
        CategoryPlan(
            _("Dangerous place"),
            (_POINT, _LINE),
            "alert-triangle",
            2,
            Pattern.STRIPES,
            questions=(QuestionPlan(_("What happens there?"), QuestionKind.LONG_TEXT),),
        ),
    ),
)
_COOLNESS = MapTemplate(
    "coolness",
    _("Cool islands"),
    (
        CategoryPlan(_("Cool place to know"), (_POINT, _AREA), "trees", 4),
        CategoryPlan(
            _("Place that is too hot"),
            (_POINT, _AREA),
            "sun",
            2,
            Pattern.STRIPES,
            questions=(
                QuestionPlan(
                    _("What would cool it down?"),
                    QuestionKind.CHOICES,
                    options=(_("Trees"), _("Water"), _("Shade"), _("Less concrete")),
                ),
            ),
        ),
        CategoryPlan(_("Drinking fountain to add"), (_POINT,), "droplet", 3, Pattern.DOTS),
    ),
)
_STREETS = MapTemplate(
    "streets",
    _("Streets and public space"),
    (
        CategoryPlan(_("Bench to add"), (_POINT,), "armchair", 5),
        CategoryPlan(_("Crossing to make safer"), (_POINT,), "walk", 2, Pattern.STRIPES),
        CategoryPlan(_("Lighting to improve"), (_POINT, _LINE), "bulb", 3, Pattern.DOTS),
        CategoryPlan(_("Place to plant"), (_POINT, _AREA), "tree", 4, Pattern.GRID),
        CategoryPlan(_("Obstacle for wheelchairs"), (_POINT,), "wheelchair", 6),
    ),
)
_FREE = MapTemplate(
    "free",
    _("Any subject"),
    (
        CategoryPlan(_("I like"), (_POINT, _LINE, _AREA), "heart", 4),
        CategoryPlan(_("To improve"), (_POINT, _LINE, _AREA), "hammer", 2, Pattern.STRIPES),
        CategoryPlan(_("My idea"), (_POINT, _LINE, _AREA), "bulb", 3, Pattern.DOTS),
    ),
)

TEMPLATES: dict[str, MapTemplate] = {
    template.key: template for template in (_CYCLING, _COOLNESS, _STREETS, _FREE)
}
