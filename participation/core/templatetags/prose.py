"""Plain text written by people, shown safely."""

from django import template
from django.conf import settings
from django.utils.html import format_html, linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from participation.core.typography import kept_together

register = template.Library()


@register.filter
def prose(text: str) -> SafeString:
    """Paragraphs, line breaks and links of a plain text; every tag in it is shown as text.

    Links carry `rel="nofollow"`: nobody gains rank by commenting.
    """
    linked = urlize(kept_together(str(text)), nofollow=True, autoescape=True)
    return mark_safe(linebreaks(linked))  # noqa: S308 -- escaped by urlize


@register.simple_tag
def site_language() -> SafeString:
    """`<p{% site_language %}>`: the `lang` of words that officers type in the site's own language.

    Nothing on a page in that language; on the others, speech synthesis then reads them well.
    """
    own = settings.LANGUAGE_CODE
    return mark_safe("") if get_language() in (None, own) else format_html(' lang="{}"', own)
