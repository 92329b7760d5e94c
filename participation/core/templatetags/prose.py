"""Plain text written by people, shown safely."""

from django import template
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def prose(text: str) -> SafeString:
    """Paragraphs, line breaks and links of a plain text; every tag in it is shown as text.

    Links carry `rel="nofollow"`: nobody gains rank by commenting.
    """
    linked = urlize(str(text), nofollow=True, autoescape=True)
    return mark_safe(linebreaks(linked))  # noqa: S308 -- escaped by urlize
