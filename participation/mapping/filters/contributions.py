"""What is asked of the contributions to a map. One set, three views, one address."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.gis.db.models.functions import Distance
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from maps.models import Territory
from participation.core.dates import date_format
from participation.core.distances import distance_words
from participation.core.filters.around import RADII, Around, read_around
from participation.core.filters.listing import Chip, Choice, Criterion, ListFilters, text_query
from participation.mapping.choices import WishState
from participation.mapping.models import MapCategory, MapContribution

CATEGORY, DISTRICT, STATE = "categorie", "quartier", "statut"
NEAREST = "proches"
INVERSE = "-inverse"
_ORDERS = {
    "recentes": ["-contribution__submitted_at", "-pk"],
    "anciennes": ["contribution__submitted_at", "pk"],
    "soutiens": ["-contribution__supports_count", "-pk"],
    "commentaires": ["-contribution__comments_count", "-pk"],
    "titre": ["contribution__title", "pk"],
    "categorie": ["category__position", "category_id", "-pk"],
    "quartier": ["contribution__territory__name", "-pk"],
    "statut": ["state_rank", "-pk"],
}
_TURNED = ("soutiens", "commentaires", "titre", "categorie", "quartier", "statut")


class MapFilters(ListFilters):
    """The criteria of a map's contributions: those of any list, a period, and a circle."""

    SINCE, UNTIL = "du", "au"
    PLACE, RADIUS, ADDRESS = "pres", "rayon", "adresse"

    def __init__(self, params: Mapping[str, Any], **options: Any) -> None:
        super().__init__(params, **options)
        self.since = _day(params.get(self.SINCE))
        self.until = _day(params.get(self.UNTIL))
        self.asked_address = str(params.get(self.ADDRESS, "")).replace("\x00", "").strip()[:120]
        self.asked_radius = str(params.get(self.RADIUS, ""))
        self.around: Around | None = read_around(
            place=str(params.get(self.PLACE, "")),
            radius=self.asked_radius,
            label=self.asked_address,
        )
        if self.around is not None:
            self.orders = (Choice(NEAREST, gettext("Nearest")), *self.orders)
            if params.get(self.ORDER) in (None, "", NEAREST):
                self.order = NEAREST

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
        return len(super().narrowing) + bool(self.since) + bool(self.until) + bool(self.around)

    @property
    def only_category_and_state(self) -> bool:
        """Whether nothing else narrows the list."""
        return set(self.narrowing) <= {CATEGORY, STATE}

    def query(self, **changes: str | None) -> str:
        """As any list's; the circle goes as a whole, and the order by distance with it."""
        if changes.get(self.PLACE, "") is None:
            changes |= {self.RADIUS: None, self.ADDRESS: None}
            if self.order == NEAREST:
                changes.setdefault(self.ORDER, None)
        return super().query(**changes)

    @property
    def chips(self) -> list[Chip]:
        chips = super().chips
        if self.since:
            chips.append(self.chip(gettext("From"), _said(self.since), self.SINCE))
        if self.until:
            chips.append(self.chip(gettext("Until"), _said(self.until), self.UNTIL))
        if self.around:
            where = self.around.label or gettext("the place chosen")
            words = gettext("%(distance)s around %(place)s") % {
                "distance": distance_words(self.around.radius),
                "place": where,
            }
            chips.append(Chip(words, self.query(**{self.PLACE: None})))
        return chips

    @property
    def radii(self) -> list[Choice]:
        """The distances to choose from."""
        return [Choice(str(radius), distance_words(radius)) for radius in RADII]

    @property
    def radius(self) -> str:
        """The one chosen, as in the address."""
        return str(self.around.radius) if self.around else self.asked_radius or "500"

    @property
    def listed_orders(self) -> list[Choice]:
        """What the form offers: turned orders belong to the heads of the table."""
        return [
            choice
            for choice in self.orders
            if not choice.value.endswith(INVERSE) or choice.value == self.order
        ]

    def heads(self) -> list[dict[str, str]]:
        """The table's columns: `label`, `url` that sorts by it, `sort` (`aria-sort`)."""
        columns = [
            (gettext("Title"), "titre", f"titre{INVERSE}"),
            (pgettext("map", "Category"), "categorie", f"categorie{INVERSE}"),
            (gettext("District"), "quartier", f"quartier{INVERSE}"),
            (gettext("Status"), "statut", f"statut{INVERSE}"),
            (gettext("Date"), "anciennes", "recentes"),
            (gettext("Supports"), f"soutiens{INVERSE}", "soutiens"),
            (gettext("Comments"), f"commentaires{INVERSE}", "commentaires"),
        ]
        return [self._head(*column) for column in columns]

    def _head(self, label: str, up: str, down: str) -> dict[str, str]:
        first = down if up.endswith(INVERSE) or down == "recentes" else up
        turned = up if first == down else down
        wanted = turned if self.order == first else first
        sort = {up: "ascending", down: "descending"}.get(self.order, "none")
        return {"label": label, "url": self.query(**{self.ORDER: wanted}), "sort": sort}


def map_filters(
    params: Mapping[str, Any],
    *,
    categories: Iterable[MapCategory],
    districts: Iterable[Territory],
) -> MapFilters:
    """What is asked of a map with these categories and districts."""
    labels = {
        "recentes": gettext("Most recent"),
        "anciennes": gettext("Oldest"),
        "soutiens": gettext("Most supported"),
        "commentaires": gettext("Most commented"),
        "titre": gettext("Title"),
        "categorie": pgettext("map", "Category"),
        "quartier": gettext("District"),
        "statut": gettext("Status"),
    }
    turned = [
        Choice(f"{name}{INVERSE}", gettext("%(order)s, reversed") % {"order": labels[name]})
        for name in _TURNED
    ]
    return MapFilters(
        params,
        criteria=[
            Criterion(
                CATEGORY,
                pgettext("map", "Category"),
                pgettext("map", "All categories"),
                tuple(Choice(str(each.pk), each.name) for each in categories),
            ),
            Criterion(
                DISTRICT,
                gettext("District"),
                gettext("All districts"),
                tuple(Choice(str(each.pk), each.name) for each in districts),
            ),
            Criterion(
                STATE,
                gettext("Status"),
                gettext("All statuses"),
                tuple(Choice(value, str(label)) for value, label in WishState.choices),
            ),
        ],
        orders=[*(Choice(value, label) for value, label in labels.items()), *turned],
        views=[
            Choice("carte", pgettext("view", "Map")),
            Choice("liste", gettext("List")),
            Choice("tableau", gettext("Table")),
        ],
        seed="0",
    )


def filter_contributions(
    rows: QuerySet[MapContribution], filters: MapFilters
) -> QuerySet[MapContribution]:
    """The contributions that match, without order: for counts, tiles and exports alike."""
    if filters.text:
        rows = rows.filter(contribution__search=text_query(filters.text))
    if category := filters.values.get(CATEGORY):
        rows = rows.filter(category_id=int(category))
    if district := filters.values.get(DISTRICT):
        rows = rows.filter(contribution__territory_id=int(district))
    if state := filters.values.get(STATE):
        rows = rows.filter(state=state)
    if filters.since:
        rows = rows.filter(contribution__submitted_at__gte=_midnight(filters.since))
    if filters.until:
        after = filters.until + datetime.timedelta(days=1)
        rows = rows.filter(contribution__submitted_at__lt=_midnight(after))
    if filters.around:
        rows = rows.filter(geometry__intersects=filters.around.circle)
    return rows.order_by()


def ordered(rows: QuerySet[MapContribution], filters: MapFilters) -> QuerySet[MapContribution]:
    """In the order asked; every order ends with the key."""
    if filters.order == NEAREST and filters.around:
        away = Distance("contribution__point", filters.around.point)
        return rows.annotate(away=away).order_by("away", "pk")
    name = filters.order.removesuffix(INVERSE)
    columns = _ORDERS.get(name, _ORDERS["recentes"])
    if name == "statut":
        ranks = [When(state=state, then=Value(rank)) for rank, state in enumerate(WishState.values)]
        rows = rows.annotate(state_rank=Case(*ranks, output_field=IntegerField()))
    found = rows.order_by(*columns)
    return found.reverse() if filters.order.endswith(INVERSE) else found


def _day(text: Any) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return day if 1900 < day.year < 3000 else None


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _said(day: datetime.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
