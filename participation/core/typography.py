"""What people type in French, as French is set: a sign of two parts stays with its word."""

import re

from django.conf import settings

_NO_BREAK = "\N{NO-BREAK SPACE}"
_BEFORE = re.compile(r"(?<=\S) (?=[:;?!»]+(?:\s|$))")
_AFTER = re.compile(r"« (?=\S)")


def kept_together(text: str) -> str:
    """The same words, where no line begins with « : », « ? » or a closing quotation mark.

    People type a space before these signs, and browsers break lines at it. Nothing changes on a
    site in another language.
    """
    if not settings.LANGUAGE_CODE.startswith("fr"):
        return text
    return _AFTER.sub(f"«{_NO_BREAK}", _BEFORE.sub(_NO_BREAK, text))
