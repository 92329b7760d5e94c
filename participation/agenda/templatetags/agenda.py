"""Filters of the agenda's templates."""

from django import template

register = template.Library()


@register.filter
def svg(value: float, plus: float = 0) -> str:
    """A number of an SVG, plus another: always with a point, whatever the language."""
    return f"{float(value) + float(plus):g}"
