"""What is asked of the agenda. One set, four views, one address."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from maps.models import Territory
from participation.agenda.choices import EventKind, ItemKind
from participation.agenda.models import AgendaEntry, Seating, Theme
from participation.agenda.queries.entries import AT
from participation.core.dates import date_format
from participation.core.distances import distance_words
from participation.core.filters.around import RADII, Around, read_around
from participation.core.filters.listing import Chip, Choice, Criterion, ListFilters
from participation.core.models import Directorate, Process

THEME, TERRITORY, KIND, OPEN = "theme", "territoire", "genre", "ouvert"
DIRECTORATE, PROCESS = "direction", "demarche"
TIMELINE, MONTH, LIST, MAP = "frise", "mois", "liste", "carte"
DEPTH = 4
"""How far one looks for what lies inside a territory."""
ALONE = "-seul"
"""After a territory: without what lies inside it."""
NONE = "sans"
"""Value of a criterion: what has no theme, or no territory."""
_STEPS_KIND = "etapes"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the agenda: the same for every view, feed and export. A territory
    brings what lies inside it; a period `[since, until]` of days, what touches it."""

    text: str = ""
    values: tuple[tuple[str, str], ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    around: Around | None = None

    def narrow(self, rows: QuerySet[AgendaEntry]) -> QuerySet[AgendaEntry]:
        """The lines that match, at the moment `AT` of the reading."""
        values = dict(self.values)
        for word in self.text.split():
            rows = rows.filter(
                Q(title__unaccent__icontains=word) | Q(summary__unaccent__icontains=word)
            )
        if theme := values.get(THEME):
            rows = rows.filter(Q(theme__isnull=True) if theme == NONE else Q(theme__slug=theme))
        if territory := values.get(TERRITORY):
            rows = rows.filter(_in_territory(territory))
        if kind := values.get(KIND):
            rows = rows.filter(source="phase") if kind == _STEPS_KIND else rows.filter(kind=kind)
        if values.get(OPEN):
            rows = open_now(rows)
        if directorate := values.get(DIRECTORATE):
            rows = rows.filter(directorate_id=int(directorate))
        if process := values.get(PROCESS):
            rows = rows.filter(process_id=int(process))
        if self.since:
            rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=midnight(self.since)))
        if self.until:
            rows = rows.filter(starts_at__lt=midnight(self.until + datetime.timedelta(days=1)))
        if self.around:
            rows = rows.filter(_close_to(self.around))
        return rows


class AgendaFilters(ListFilters):
    """The criteria of the agenda: those of any list, a period `[du, au]` of days, a circle, and
    what the rows of the timeline are."""

    SINCE, UNTIL, ROWS = "du", "au", "par"
    PLACE, RADIUS, ADDRESS = "pres", "rayon", "adresse"

    def __init__(self, params: Mapping[str, Any], **options: Any) -> None:
        super().__init__(params, **options)
        self.since = day_of(params.get(self.SINCE))
        self.until = day_of(params.get(self.UNTIL))
        self.by_territory = params.get(self.ROWS) == TERRITORY
        self.asked_address = str(params.get(self.ADDRESS, "")).replace("\x00", "").strip()[:120]
        self.asked_radius = str(params.get(self.RADIUS, ""))
        self.around: Around | None = read_around(
            place=str(params.get(self.PLACE, "")),
            radius=self.asked_radius,
            label=self.asked_address,
        )

    @property
    def asked(self) -> Asked:
        """What these criteria ask of the agenda, whatever the view."""
        return Asked(
            self.text, tuple(sorted(self.values.items())), self.since, self.until, self.around
        )

    @property
    def narrowing(self) -> dict[str, str]:
        more: dict[str, str] = {}
        if self.since:
            more[self.SINCE] = self.since.isoformat()
        if self.until:
            more[self.UNTIL] = self.until.isoformat()
        if self.around:
            more[self.PLACE] = self.around.place
            more[self.RADIUS] = str(self.around.radius)
            if self.around.label:
                more[self.ADDRESS] = self.around.label
        return super().narrowing | more

    @property
    def active_count(self) -> int:
        """Criteria in use; a circle is one."""
        return len(self.chips)

    def query(self, **changes: str | None) -> str:
        """As any list's; the circle goes as a whole, the rows of the timeline stay."""
        if changes.get(self.PLACE, "") is None:
            changes |= {self.RADIUS: None, self.ADDRESS: None}
        if self.by_territory:
            changes.setdefault(self.ROWS, TERRITORY)
        return super().query(**changes)

    def exactly(self, territory_id: int) -> str:
        """The value of a territory without what lies inside it."""
        alone = f"{territory_id}{ALONE}"
        offered = next(each.choices for each in self.criteria if each.name == TERRITORY)
        return alone if any(each.value == alone for each in offered) else str(territory_id)

    @property
    def radii(self) -> list[Choice]:
        """The distances to choose from."""
        return [Choice(str(radius), distance_words(radius)) for radius in RADII]

    @property
    def radius(self) -> str:
        """The one chosen, as in the address."""
        return str(self.around.radius) if self.around else self.asked_radius or "1000"

    @property
    def chips(self) -> list[Chip]:
        chips = super().chips
        if self.since:
            chips.append(self.chip(gettext("From"), _said(self.since), self.SINCE))
        if self.until:
            chips.append(self.chip(gettext("Until"), _said(self.until), self.UNTIL))
        if self.around:
            words = gettext("%(distance)s around %(place)s") % {
                "distance": distance_words(self.around.radius),
                "place": self.around.label or gettext("the place chosen"),
            }
            chips.append(Chip(words, self.query(**{self.PLACE: None})))
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
                (
                    *(Choice(each.slug, each.name) for each in themes),
                    Choice(NONE, gettext("No theme")),
                ),
            ),
            Criterion(
                TERRITORY,
                gettext("Territory"),
                gettext("All territories"),
                tuple(_territory_choices(list(territories))),
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


def _in_territory(value: str) -> Q:
    if value == NONE:
        return Q(territory__isnull=True)
    if value.endswith(ALONE):
        return Q(territory=int(value.removesuffix(ALONE)))
    inside = Q()
    for depth in range(DEPTH):
        inside |= Q(**{"__".join(["territory", *["parent"] * depth, "pk"]): int(value)})
    return inside


def _territory_choices(territories: list[Territory]) -> Iterator[Choice]:
    """Each territory; also alone, where others lie inside it; and none."""
    holders = {each.parent_id for each in territories}
    for each in territories:
        yield Choice(str(each.pk), each.name)
        if each.pk in holders:
            yield Choice(f"{each.pk}{ALONE}", gettext("%(name)s as a whole") % {"name": each.name})
    yield Choice(NONE, gettext("No territory"))


def _close_to(around: Around) -> Q:
    """What takes place in the circle, and what concerns the neighbourhood of its centre; what
    concerns a whole town is not "around me"."""
    neighbourhoods = Territory.objects.containing(around.point).filter(parent__isnull=False)
    return Q(point__intersects=around.circle) | Q(
        point__isnull=True, territory__in=neighbourhoods.values("pk")
    )


def open_now(rows: QuerySet[AgendaEntry]) -> QuerySet[AgendaEntry]:
    """What one can take part in at the moment of the reading: a step that collects or decides, an
    event going on, or one whose registration is open."""
    registration = Seating.objects.filter(
        event=OuterRef("source_id"), opens_at__lte=AT, closes_at__gt=AT
    )
    going_on = Q(starts_at__lte=AT) & (Q(ends_at__isnull=True) | Q(ends_at__gt=AT))
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
