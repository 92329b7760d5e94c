"""`{% load mapping %}`: how a map's contributions are written on a page."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import ngettext

from participation.mapping import presentation
from participation.mapping.choices import Shape
from participation.mapping.models import QuestionAnswer

register = template.Library()

SHAPE_ICONS = {Shape.POINT: "map-pin", Shape.LINE: "line", Shape.AREA: "polygon"}


@register.filter
def tone_class(category: Any) -> str:
    """`tone-1` to `tone-8`: a colour that always goes with an icon and a name."""
    return f"tone-{category.tone}"


@register.filter
def answer_words(answer: QuestionAnswer) -> str:
    """What was answered, in words."""
    return presentation.answer_words(answer)


@register.filter
def supports(number: int) -> str:
    """`12 soutiens`."""
    return ngettext("%(total)s support", "%(total)s supports", number) % {"total": grouped(number)}


@register.filter
def comments(number: int) -> str:
    """`3 commentaires`."""
    return ngettext("%(total)s comment", "%(total)s comments", number) % {"total": grouped(number)}


@register.filter
def grouped(number: int) -> str:
    """A whole number as one reads it: `1 341`."""
    return number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def unlocalized(key: int) -> str:
    """A key for an address: digits only, whatever the language."""
    return str(key)


@register.filter
def shape_labels(category: Any) -> list[dict[str, str]]:
    """What may be drawn in a category: `label` and `icon` each."""
    return [
        {"label": str(Shape(shape).label), "icon": SHAPE_ICONS[Shape(shape)]}
        for shape in category.shapes
    ]
