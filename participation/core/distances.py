"""Distances in words."""

from django.utils.translation import ngettext


def distance_words(metres: int) -> str:
    """`500 metres`, `2 kilometres`."""
    if metres < 1000:
        return ngettext("%(metres)d metre", "%(metres)d metres", metres) % {"metres": metres}
    kilometres = metres // 1000
    return ngettext("%(number)d kilometre", "%(number)d kilometres", kilometres) % {
        "number": kilometres
    }
