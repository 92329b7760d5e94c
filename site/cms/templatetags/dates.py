"""Days as every template writes them; part of the language of templates."""

import datetime
from typing import Any

from django import template
from django.template import defaultfilters

from participation.core import dates

register = template.Library()
register.filter("last_day", dates.last_day)


@register.filter(expects_localtime=True, is_safe=False)
def date(value: datetime.date | None, form: str | None = None) -> Any:
    """Django's own filter, with the first of the month as the language of the page says it."""
    return dates.first_in_french(defaultfilters.date(value, form))
