"""The timeline of the planning: a year or the whole mandate, whose items are dragged."""

import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.agenda import policies
from participation.agenda.models import CitizenAgenda, ReservedPeriod, Theme
from participation.agenda.office.shared import Screen
from participation.agenda.presentation.planning import plan
from participation.agenda.queries.planning import planned

MOST = 240
"""Items drawn at most; the list has them all."""
WHOLE = "mandat"


class PlanningTimeline(Screen):
    """Items of a year, or of the mandate, by theme. A bar leads to the form of its dates: dropped
    elsewhere, or pushed there by arrows, with the new ones in the address. Nothing moves before
    that form, which asks why and warns."""

    page_title = _("Timeline of the planning")
    header_icon = "calendar"
    template_name = "agenda_admin/planning.html"
    http_method_names = ["get", "head"]

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("agenda_item:index"), gettext("Planning of the agenda"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        agendas = CitizenAgenda.objects.order_by("-mandate")
        agenda = agendas.filter(mandate__contains=today).first() or agendas.first()
        themes = list(Theme.objects.order_by("position", "name"))
        context = super().get_context_data(agenda=agenda, themes=themes, **kwargs)
        if agenda is None:
            return context
        years = list(range(agenda.mandate.lower.year, _last(agenda.mandate).year + 1))
        year = self._year(years, today)
        theme = self._theme(themes)
        window = agenda.mandate
        if year:
            window = DateRange(datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1))
        rows = planned(agenda=agenda, window=window, theme=theme).select_related("theme")
        found = list(rows[: MOST + 1])
        more = rows.count() - MOST if len(found) > MOST else 0
        return context | {
            "plan": plan(
                found[:MOST],
                window=window,
                movable={item.pk for item in found if self._may_move(item)},
                reserved=ReservedPeriod.objects.filter(period__overlap=window).order_by("pk"),
                today=today,
            ),
            "years": years,
            "year": year,
            "whole": WHOLE,
            "theme": theme,
            "more": more,
        }

    def _may_move(self, item: Any) -> bool:
        return bool(policies.may_move_item(item=item, user=self.request.user))

    def _year(self, years: list[int], today: datetime.date) -> int:
        """The year asked for, this one, or 0 for the whole mandate."""
        asked = self.request.GET.get("annee", "")
        if asked == WHOLE:
            return 0
        if asked.isdecimal() and int(asked) in years:
            return int(asked)
        return min(max(today.year, years[0]), years[-1])

    def _theme(self, themes: list[Theme]) -> int | None:
        asked = self.request.GET.get("theme", "")
        return next((theme.pk for theme in themes if str(theme.pk) == asked), None)


def _last(window: DateRange) -> datetime.date:
    day: datetime.date = window.upper - datetime.timedelta(days=1)
    return day
