"""What a visitor asks of a list, read from the address.

An address is shared, shortened and mistyped: a value that means nothing is ignored, never an
error. The same object filters the cards, the compact list, the map and the GeoJSON, so that all
of them show the same items in the same order.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Model, QuerySet, TextField, Value
from django.db.models.functions import MD5, Cast, Concat
from django.http import QueryDict
from django.utils.translation import gettext

TEXT_LIMIT = 200
PAGE_SIZE = 20
VIEW_ICONS = {
    "frise": "timeline",
    "mois": "calendar",
    "cartes": "layout-grid",
    "liste": "list",
    "plan": "map",
    "carte": "map",
    "tableau": "table",
}
_PLAIN_WORDS = re.compile(r"[\w\s'’.,-]+")
_WORD = re.compile(r"\w+")

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a criterion, as in the address, and what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One `<select>` of a filter form: `name` is the parameter of the address."""

    name: str
    label: str
    any_label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """An active criterion in words, with the address of the same list without it."""

    label: str
    remove_url: str


class ListFilters:
    """The criteria of one list, cleaned. `values` holds only values that exist."""

    TEXT, ORDER, VIEW, SEED, PAGE = "q", "ordre", "vue", "graine", "page"

    def __init__(
        self,
        params: Mapping[str, Any],
        *,
        criteria: Sequence[Criterion],
        orders: Sequence[Choice],
        views: Sequence[Choice],
        seed: str,
    ) -> None:
        """`seed` is that of the random order when the address carries none."""
        self.criteria = tuple(criteria)
        self.orders = tuple(orders)
        self.views = tuple(views)
        self.text = str(params.get(self.TEXT, "")).replace("\x00", "").strip()[:TEXT_LIMIT]
        self.values = {
            criterion.name: str(params.get(criterion.name))
            for criterion in criteria
            if any(choice.value == params.get(criterion.name) for choice in criterion.choices)
        }
        self.order = _one_of(params.get(self.ORDER), self.orders)
        self.view = _one_of(params.get(self.VIEW), self.views)
        asked_seed = str(params.get(self.SEED, ""))
        self.seed = asked_seed if re.fullmatch(r"[0-9a-z]{1,16}", asked_seed) else seed

    @property
    def is_active(self) -> bool:
        """True when the list is narrowed."""
        return bool(self.narrowing)

    @property
    def active_count(self) -> int:
        return len(self.narrowing)

    @property
    def fields(self) -> list[tuple[Criterion, str]]:
        """(criterion, its current value or an empty text), for the form."""
        return [(criterion, self.values.get(criterion.name, "")) for criterion in self.criteria]

    @property
    def narrowing(self) -> dict[str, str]:
        """The parameters that narrow the list; an instrument's own list may have more."""
        return ({self.TEXT: self.text} if self.text else {}) | self.values

    def query(self, **changes: str | None) -> str:
        """The address's query with `changes` (None removes); the page never survives a change."""
        values = dict(self.narrowing)
        if self.orders and self.order != self.orders[0].value:
            values[self.ORDER] = self.order
            if self.order == "hasard":
                values[self.SEED] = self.seed
        if self.views and self.view != self.views[0].value:
            values[self.VIEW] = self.view
        for name, value in changes.items():
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value
        return "?" + urlencode(values)

    @property
    def features_query(self) -> str:
        """The same set for the GeoJSON address: no view, no page, no order."""
        return self.query(**{self.VIEW: None, self.ORDER: None, self.SEED: None})

    @property
    def query_dict(self) -> QueryDict:
        """What the links to other pages keep."""
        return QueryDict(self.query()[1:])

    @property
    def chips(self) -> list[Chip]:
        chips = []
        if self.text:
            chips.append(self.chip(gettext("Text"), self.text, self.TEXT))
        for criterion in self.criteria:
            value = self.values.get(criterion.name)
            if value is not None:
                label = next(c.label for c in criterion.choices if c.value == value)
                chips.append(self.chip(criterion.label, label, criterion.name))
        return chips

    def chip(self, name: str, value: str, parameter: str) -> Chip:
        """What one criterion says, and how to remove it."""
        words = gettext("%(name)s: %(value)s") % {"name": name, "value": value}
        return Chip(words, self.query(**{parameter: None}))

    @property
    def clear_query(self) -> str:
        """The address without any criterion, order and view kept."""
        return self.query(**dict.fromkeys(self.narrowing))

    @property
    def view_links(self) -> list[dict[str, Any]]:
        """The views as tabs: label, url, icon, current."""
        first = self.views[0].value if self.views else None
        return [
            {
                "label": view.label,
                "icon": VIEW_ICONS.get(view.value, ""),
                "url": self.query(**{self.VIEW: None if view.value == first else view.value}),
                "current": view.value == self.view,
            }
            for view in self.views
        ]


def _one_of(asked: Any, choices: Sequence[Choice]) -> str:
    values = [choice.value for choice in choices]
    if not values:
        return ""
    return asked if asked in values else values[0]


def text_query(text: str) -> SearchQuery:
    """A French full-text query: plain words also match the beginning of words.

    Quotes, `-word` and `OR` are understood as search engines do.
    """
    words = _WORD.findall(text)
    plain = _PLAIN_WORDS.fullmatch(text) and not re.search(r"(^|\s)-|\bor\b", text, re.IGNORECASE)
    if words and plain:
        prefixes = " & ".join(f"{word}:*" for word in words)
        return SearchQuery(prefixes, config="parvis_fr", search_type="raw")
    return SearchQuery(text, config="parvis_fr", search_type="websearch")


def shuffled(queryset: QuerySet[M], seed: str) -> QuerySet[M]:
    """A random order that is the same for the same seed, page after page."""
    key = Concat(Cast(F("pk"), TextField()), Value(f":{seed}"), output_field=TextField())
    return queryset.order_by(MD5(key), "pk")
