"""A month of the agenda, of one filtered set."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from participation.agenda.filters.entries import LIST, AgendaFilters, day_of, midnight
from participation.agenda.models import Theme
from participation.agenda.presentation import months
from participation.agenda.presentation.entries import short_line
from participation.agenda.queries import entries as queries

MOST = 1000
"""Lines of a month that are read; its days say where the rest is."""
MOST_LASTING = 8


def month_context(
    request: HttpRequest,
    filters: AgendaFilters,
    *,
    themes: list[Theme],
    at: datetime.datetime,
) -> dict[str, Any]:
    """The month asked (`m=2027-05`), else that of the period asked, else this one."""
    today = timezone.localtime(at).date()
    asked = day_of(f"{request.GET.get('m', '')}-01") or filters.since or today
    first = asked.replace(day=1)
    start, end = months.bounds(first)
    period = {"at": at, "start": midnight(start), "end": midnight(end)}
    lasting = queries.lasting(filters.asked, limit=MOST_LASTING + 1, **period)
    tones = {theme.pk: theme.tone for theme in themes}
    month = months.month_of(
        first,
        queries.dated(filters.asked, limit=MOST, **period),
        lasting=lasting[:MOST_LASTING],
        has_more=len(lasting) > MOST_LASTING,
        write=lambda entries: [short_line(entry, at, tones) for entry in entries],
        today=today,
        zone=timezone.get_current_timezone(),
    )
    # The month has its own place in the address, beside the filters.
    base = filters.query()

    def at_month(day: datetime.date) -> str:
        return f"{base}&{urlencode({'m': day.strftime('%Y-%m')})}"

    return {
        "month": month,
        "previous_url": at_month(month.previous),
        "following_url": at_month(month.following),
        "today_url": at_month(today),
        "month_url": filters.query(vue=LIST, du=f"{month.first}", au=f"{month.last}"),
        "day_base": filters.query(vue=LIST, du=None, au=None),
    }
