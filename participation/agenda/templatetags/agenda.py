"""Filters and tags of the agenda's templates."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from participation.agenda.presentation.entries import Line
from participation.agenda.presentation.timeline import Square

register = template.Library()
_NOW = SafeString(' aria-current="date"')


@register.filter
def svg(value: float, plus: float = 0) -> str:
    """A number of an SVG, plus another: always with a point, whatever the language."""
    return f"{float(value) + float(plus):g}"


@register.simple_tag
def squares(found: Iterable[Square]) -> SafeString:
    """The squares of a row of the timeline. Hundreds of them: a template is six times slower."""
    return format_html_join(
        "",
        '<a href="{}" class="a-square a-square--{}" aria-label="{}"><title>{}</title>'
        '<rect x="{}" y="{}" width="{}" height="20" rx="4"/><text x="{}" y="{}">{}</text></a>',
        (
            (
                *(each.url, each.strength, each.label, each.label),
                *(svg(each.x), svg(each.y), svg(each.width), svg(each.middle), svg(each.y, 14)),
                each.count,
            )
            for each in found
        ),
    )


@register.simple_tag
def quarters(found: Iterable[Square]) -> SafeString:
    """The same as the items of a list, for narrow screens and for who reads row by row."""
    return format_html_join(
        "",
        '<li><a class="a-count a-count--{}" href="{}"{}><span class="visually-hidden">{}</span>'
        '<span aria-hidden="true">{} <strong>{}</strong></span></a></li>',
        (
            (
                *(each.strength, each.url, _NOW if each.is_now else ""),
                *(each.label, each.short, each.count),
            )
            for each in found
        ),
    )


@register.simple_tag
def day_lines(found: Iterable[Line]) -> SafeString:
    """The lines of a day of the month, as the items of a list: a hundred or more in a month."""
    return format_html_join(
        "",
        '<li class="a-mini tone-{}{}"><a href="{}">{}</a> <span class="small">'
        '<span class="a-day__when">{}</span> {}</span></li>',
        (
            (
                *(each.theme_tone, " a-mini--off" if each.is_off else ""),
                *(each.url, each.title, each.when, each.state),
            )
            for each in found
        ),
    )
