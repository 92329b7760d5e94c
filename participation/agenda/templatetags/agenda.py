"""Filters and tags of the agenda's templates."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from participation.agenda.presentation.entries import ShortLine
from participation.agenda.presentation.timeline import Square

register = template.Library()


@register.filter
def svg(value: float, plus: float = 0) -> str:
    """A number of an SVG, plus another: always with a point, whatever the language."""
    return f"{float(value) + float(plus):g}"


# Hundreds of these are in a page. What they hold is escaped here, one by one: a template, or
# `format_html` with its dozen of arguments, takes several times longer. So does Django's own
# `escape`, which is this one for words that may be lazy; these are not.


@register.simple_tag
def squares(found: Iterable[Square]) -> SafeString:
    """The squares of a row of the timeline."""
    return SafeString("".join(_square(each) for each in found))


def _square(each: Square) -> str:
    label = escape(each.label)
    return (
        f'<a href="{escape(each.url)}" class="a-square a-square--{each.strength}"'
        f' aria-label="{label}"><title>{label}</title><rect x="{svg(each.x)}" y="{svg(each.y)}"'
        f' width="{svg(each.width)}" height="20" rx="4"/><text x="{svg(each.middle)}"'
        f' y="{svg(each.y, 14)}">{each.count}</text></a>'
    )


@register.simple_tag
def quarters(found: Iterable[Square]) -> SafeString:
    """The same as the items of a list, for narrow screens and for who reads row by row."""
    return SafeString("".join(_quarter(each) for each in found))


def _quarter(each: Square) -> str:
    now = ' aria-current="date"' if each.is_now else ""
    return (
        f'<li><a class="a-count a-count--{each.strength}" href="{escape(each.url)}"{now}>'
        f'<span class="visually-hidden">{escape(each.label)}</span>'
        f'<span aria-hidden="true">{escape(each.short)} <strong>{each.count}</strong></span>'
        "</a></li>"
    )


@register.simple_tag
def day_lines(found: Iterable[ShortLine]) -> SafeString:
    """The lines of a day of the month, as the items of a list."""
    return SafeString("".join(_day_line(each) for each in found))


def _day_line(each: ShortLine) -> str:
    off = " a-mini--off" if each.is_off else ""
    return (
        f'<li class="a-mini tone-{each.theme_tone}{off}"><span class="a-day__hour"'
        f' aria-hidden="true">{escape(each.hour)}</span> <a href="{escape(each.url)}">'
        f'{escape(each.title)}</a> <span class="small"><span class="a-day__when">'
        f"{escape(each.when)}</span> {escape(each.state)}</span></li>"
    )
