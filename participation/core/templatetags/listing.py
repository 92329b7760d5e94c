"""The form of a list, for templates."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from participation.core.filters.listing import Choice

register = template.Library()


@register.simple_tag
def options(*, choices: Iterable[Choice], current: str) -> SafeString:
    """The `<option>` of each choice: written here, since a list's form has some forty."""
    selected = mark_safe(" selected")
    return format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        (
            (choice.value, selected if choice.value == current else "", choice.label)
            for choice in choices
        ),
    )
