"""What every template sets well that people typed; part of the language of templates."""

from typing import Any

from django import template

from participation.core.typography import kept_together

register = template.Library()


@register.filter(is_safe=True)
def together(words: Any) -> str:
    """A title as somebody typed it, none of whose lines begins with « : » or « ? »."""
    return kept_together(str(words))
