"""Days in words. French says « 1er » for the first of a month, which Django's formats cannot."""

import datetime
import re

from django.utils import formats, timezone
from django.utils.translation import get_language

_FIRST = re.compile(r"(?<!\d)1 (?=[^\W\d])")


def date_format(value: datetime.date, form: str | None = None) -> str:
    """As Django's own, in good French: « 1er juillet 2026 »."""
    return first_in_french(formats.date_format(value, form))


def first_in_french(words: str) -> str:
    """A date already in words, with the first of the month as the language of the page says it."""
    if not (get_language() or "").startswith("fr"):
        return words
    return _FIRST.sub("1er ", words, count=1)


def full_day(value: datetime.date | datetime.datetime | None) -> str:
    """A date in full; the local day of an aware datetime; nothing for no date."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    return date_format(value, "DATE_FORMAT")


def last_day(moment: datetime.datetime | None) -> datetime.date | None:
    """The last day of a period that ends before `moment`: midnight belongs to the day before."""
    if moment is None:
        return None
    return timezone.localtime(moment - datetime.timedelta(microseconds=1)).date()
