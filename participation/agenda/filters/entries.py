"""What is asked of the agenda. One set, four views, one address."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from maps.models import Territory
from participation.agenda.choices import EventKind, ItemKind
from participation.agenda.models import AgendaEntry, Seating, Theme
from participation.core.filters.listing import Chip, Choice, Criterion, ListFilters
from participation.core.models import Directorate, Process

THEME, TERRITORY, KIND, OPEN = "theme", "territoire", "genre", "ouvert"
DIRECTORATE, PROCESS = "direction", "demarche"
TIMELINE, MONTH, LIST, MAP = "frise", "mois", "liste", "carte"
_STEPS_KIND = "etapes"


class AgendaFilters(ListFilters):
    """The criteria of the agenda: those of any list, and a period `[du, au]` of days."""

    SINCE, UNTIL = "du", "au"

    def __init__(self, params: Mapping[str, Any], **options: Any) -> None:
        super().__init__(params, **options)
        self.since = day_of(params.get(self.SINCE))
        self.until = day_of(params.get(self.UNTIL))

    @property
    def narrowing(self) -> dict[str, str]:
        more: dict[str, str] = {}
        if self.since:
            more[self.SINCE] = self.since.isoformat()
        if self.until:
            more[self.UNTIL] = self.until.isoformat()
        return super().narrowing | more

    @property
    def chips(self) -> list[Chip]:
        chips = super().chips
        if self.since:
            chips.append(self.chip(gettext("From"), _said(self.since), self.SINCE))
        if self.until:
            chips.append(self.chip(gettext("Until"), _said(self.until), self.UNTIL))
        return chips


def agenda_filters(
    params: Mapping[str, Any],
    *,
    themes: Iterable[Theme],
    territories: Iterable[Territory],
    directorates: Iterable[Directorate],
    processes: Iterable[Process],
) -> AgendaFilters:
    """What the address asks of an agenda with these themes, territories, directorates and
    processes."""
    kinds = [
        *(Choice(value, str(label)) for value, label in EventKind.choices if value != "other"),
        Choice(_STEPS_KIND, gettext("Steps of processes")),
        *(Choice(value, str(label)) for value, label in ItemKind.choices if value != "other"),
    ]
    return AgendaFilters(
        params,
        criteria=[
            Criterion(
                THEME,
                gettext("Theme"),
                gettext("All themes"),
                tuple(Choice(each.slug, each.name) for each in themes),
            ),
            Criterion(
                TERRITORY,
                gettext("Territory"),
                gettext("All territories"),
                tuple(Choice(str(each.pk), each.name) for each in territories),
            ),
            Criterion(KIND, gettext("Kind"), gettext("All kinds"), tuple(kinds)),
            Criterion(
                OPEN,
                gettext("Participation"),
                gettext("Open or not"),
                (Choice("oui", gettext("Open now")),),
            ),
            Criterion(
                DIRECTORATE,
                gettext("Directorate"),
                gettext("All directorates"),
                tuple(Choice(str(each.pk), each.name) for each in directorates),
            ),
            Criterion(
                PROCESS,
                gettext("Process"),
                gettext("All processes"),
                tuple(Choice(str(each.pk), each.title) for each in processes),
            ),
        ],
        orders=[],
        views=[
            Choice(TIMELINE, gettext("Timeline")),
            Choice(MONTH, pgettext("view", "Month")),
            Choice(LIST, gettext("List")),
            Choice(MAP, pgettext("view", "Map")),
        ],
        seed="0",
    )


def filter_entries(
    rows: QuerySet[AgendaEntry], filters: AgendaFilters, *, at: datetime.datetime
) -> QuerySet[AgendaEntry]:
    """The lines of the agenda that match, in the order of time: for every view and feed alike.

    A territory brings what lies inside it. A period brings what touches it.
    """
    if filters.text:
        for word in filters.text.split():
            rows = rows.filter(
                Q(title__unaccent__icontains=word) | Q(summary__unaccent__icontains=word)
            )
    if theme := filters.values.get(THEME):
        rows = rows.filter(theme__slug=theme)
    if territory := filters.values.get(TERRITORY):
        inside = Q()
        for depth in range(4):
            inside |= Q(**{"__".join(["territory", *["parent"] * depth, "pk"]): int(territory)})
        rows = rows.filter(inside)
    if kind := filters.values.get(KIND):
        rows = rows.filter(source="phase") if kind == _STEPS_KIND else rows.filter(kind=kind)
    if filters.values.get(OPEN):
        rows = open_at(rows, at)
    if directorate := filters.values.get(DIRECTORATE):
        rows = rows.filter(directorate_id=int(directorate))
    if process := filters.values.get(PROCESS):
        rows = rows.filter(process_id=int(process))
    if filters.since:
        rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=midnight(filters.since)))
    if filters.until:
        rows = rows.filter(starts_at__lt=midnight(filters.until + datetime.timedelta(days=1)))
    return rows


def open_at(rows: QuerySet[AgendaEntry], at: datetime.datetime) -> QuerySet[AgendaEntry]:
    """What one can take part in at that moment: a step that collects or decides, an event going
    on, or one whose registration is open."""
    registration = Seating.objects.filter(
        event=OuterRef("source_id"), opens_at__lte=at, closes_at__gt=at
    )
    going_on = Q(starts_at__lte=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    return rows.filter(takes_part=True).filter(
        going_on | (Q(source="event") & Exists(registration))
    )


def day_of(text: Any) -> datetime.date | None:
    """A date of an address, or nothing."""
    try:
        day = datetime.date.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return day if 1900 < day.year < 3000 else None


def midnight(day: datetime.date) -> datetime.datetime:
    """The start of that day on the site's clock."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _said(day: datetime.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
