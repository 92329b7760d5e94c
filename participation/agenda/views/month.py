"""A month of the agenda, of one filtered set."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from participation.agenda.filters.entries import LIST, AgendaFilters, day_of, midnight
from participation.agenda.models import AgendaEntry
from participation.agenda.presentation import months
from participation.agenda.presentation.entries import line

MOST = 1000
"""Lines of a month that are read; its days say where the rest is."""
LONG = datetime.timedelta(days=7)
"""What lasts longer has no day of its own: it is told once, above the month."""
MOST_LASTING = 8


def month_context(
    request: HttpRequest,
    rows: QuerySet[AgendaEntry],
    filters: AgendaFilters,
    *,
    at: datetime.datetime,
) -> dict[str, Any]:
    """The month asked (`m=2027-05`), else that of the period asked, else this one."""
    today = timezone.localtime(at).date()
    asked = day_of(f"{request.GET.get('m', '')}-01") or filters.since or today
    first = asked.replace(day=1)
    start, end = months.bounds(first)
    touching = rows.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=midnight(start)), starts_at__lt=midnight(end)
    )
    # What one can take part in comes first, then what began last.
    lasts = touching.filter(_LASTS).order_by("-takes_part", "-starts_at", "key")
    lasting = list(lasts[: MOST_LASTING + 1])
    month = months.month_of(
        first,
        touching.exclude(_LASTS)[:MOST],
        lasting=lasting[:MOST_LASTING],
        has_more=len(lasting) > MOST_LASTING,
        write=lambda entries: [line(entry, at) for entry in entries],
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


_LASTS = (
    ~Q(precision__in=("time", "day"))
    | Q(ends_at__isnull=True)
    | Q(ends_at__gt=F("starts_at") + LONG)
)
"""A line that is long, or whose day nobody knows yet."""
