"""Processes and their activities, as pages show them. Times are passed in."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Value,
    When,
)
from django.db.models.query import QuerySet

from cms.queries.spine import (
    ACTING_STEPS,
    CANCELLED,
    COMING,
    FINISHED,
    ONGOING_STEPS,
    OPEN,
    STATE_LABELS,
    cms_model,
    visible,
    with_pictures,
)
from maps.models import Territory
from participation.core import registry
from participation.core.choices import EngagementLevel
from participation.core.models import Activity, Phase, Process
from participation.core.written import Among, Given, Written


@dataclass(frozen=True, slots=True)
class ProcessCard:
    """What a card of a process shows."""

    page: Any
    process: Process
    state: str
    state_label: str
    phase: Phase | None
    next_phase: Phase | None


def _public_pages(*, locale_id: int) -> Any:
    """Live pages of public processes in a language, with what their cards show."""
    return _process_pages().filter(locale_id=locale_id)


@cache
def _process_pages() -> Any:
    return (
        visible(cms_model("ProcessPage").objects.all())
        .filter(process__published_at__isnull=False)
        .select_related("process__perimeter")
        .defer("process__perimeter__geometry")
        .defer_streamfields()
    )


def _pages_with_state(*, at: datetime.datetime, locale_id: int) -> Any:
    """Public pages, each with its `rank`: a place in `_STATE_OF_RANK`."""
    ongoing = Phase.objects.filter(activity__process=OuterRef("process"), step__in=ONGOING_STEPS)
    return _public_pages(locale_id=locale_id).annotate(
        rank=_rank(
            is_open=Exists(ongoing.filter(period__contains=at)),
            is_coming=Exists(ongoing.filter(period__startswith__gt=at)),
        )
    )


def _rank(*, is_open: Any, is_coming: Any) -> Case:
    return Case(
        When(process__cancelled_at__isnull=False, then=Value(3)),
        When(is_open, then=Value(0)),
        When(is_coming, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


_STATE_OF_RANK = (OPEN, COMING, FINISHED, CANCELLED)


def _cards(pages: Any, at: datetime.datetime) -> list[ProcessCard]:
    """Cards of `pages`, in their order: two queries, whatever their number."""
    found = list(pages)
    phases = Phase.objects.filter(
        activity__process__in=[page.process_id for page in found]
    ).select_related("activity")
    return _with_phases(found, phases.order_by("activity__position", "period", "pk"), at)


def _with_phases(
    pages: list[Any], phases: Iterable[Phase], at: datetime.datetime
) -> list[ProcessCard]:
    of_process: dict[int, list[Phase]] = {page.process_id: [] for page in pages}
    for phase in phases:
        if phase.activity.process_id in of_process:
            of_process[phase.activity.process_id].append(phase)
    return [_card(page, of_process[page.process_id], at) for page in pages]


def _card(page: Any, phases: list[Phase], at: datetime.datetime) -> ProcessCard:
    current = [phase for phase in phases if phase.state_at(at) == "current"]
    acting = [phase for phase in current if phase.step in ACTING_STEPS]
    future = sorted(
        (phase for phase in phases if phase.state_at(at) == "future"),
        key=lambda phase: phase.opens_at,
    )
    state = _STATE_OF_RANK[page.rank]
    return ProcessCard(
        page=page,
        process=page.process,
        state=state,
        state_label=str(STATE_LABELS[state]),
        phase=next(iter(acting or current), None),
        next_phase=next(iter(future), None),
    )


_KEYS = ArrayField(BigIntegerField())
_FIRST_CARDS: Written[Any] = Written(
    lambda: (
        _process_pages()
        .filter(locale=Given("locale", BigIntegerField()))
        .annotate(
            rank=_rank(
                is_open=Among("process_id", Given("open", _KEYS)),
                is_coming=Among("process_id", Given("ongoing", _KEYS)),
            )
        )
        .order_by("rank", "-process__created_at", "-pk")
    ),
    cut=True,
)


def process_cards(
    *, phases: list[Phase], at: datetime.datetime, locale_id: int, limit: int
) -> list[ProcessCard]:
    """Cards of public processes: under way first, then coming, then finished, latest first.

    `phases` is the whole calendar at `at`: who has it already pays one query for the cards.
    """
    ongoing = [phase for phase in phases if phase.step in ONGOING_STEPS]
    current = {p.activity.process_id for p in ongoing if p.state_at(at) == "current"}
    found = _FIRST_CARDS.read(
        locale=locale_id,
        open=list(current),
        ongoing=list({phase.activity.process_id for phase in ongoing}),
        limit=limit,
        offset=0,
    )
    in_order = sorted(phases, key=lambda phase: (phase.activity.position, phase.opens_at))
    return _with_phases(found, in_order, at)


def process_card(*, page_id: int, at: datetime.datetime) -> ProcessCard | None:
    """The card of one process page; None when it is not public."""
    page_model = cms_model("ProcessPage")
    locale_id = page_model.objects.filter(pk=page_id).values_list("locale_id", flat=True).first()
    if locale_id is None:
        return None
    pages = _pages_with_state(at=at, locale_id=locale_id).filter(pk=page_id)
    cards = _cards(pages, at)
    with_pictures([card.page for card in cards])
    return next(iter(cards), None)


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class ProcessFilters:
    """The filters of the list as the address says them; unknown values are ignored."""

    states: list[Choice]
    levels: list[Choice]
    territories: list[Choice]

    @property
    def active(self) -> bool:
        return any(c.selected for c in (*self.states, *self.levels, *self.territories))


def process_list(
    *, query: Mapping[str, str], at: datetime.datetime, locale_id: int
) -> dict[str, Any]:
    """Cards and filters of the list of processes.

    `query` may hold `etat` (open, coming, finished), `niveau` (an engagement level) and
    `territoire` (a key); anything else in them is as if absent.
    """
    pages = _pages_with_state(at=at, locale_id=locale_id)
    state = query.get("etat", "")
    level = query.get("niveau", "")
    place = query.get("territoire", "")
    territories = (
        Territory.objects.filter(pk__in=pages.order_by().values("process__perimeter"))
        .only("pk", "name")
        .order_by("name", "pk")
    )
    filters = ProcessFilters(
        states=[
            Choice(value, str(STATE_LABELS[value]), value == state)
            for value in (OPEN, COMING, FINISHED)
        ],
        levels=[
            Choice(value, str(label), value == level) for value, label in EngagementLevel.choices
        ],
        territories=[Choice(str(t.pk), t.name, str(t.pk) == place) for t in territories],
    )
    if any(choice.selected for choice in filters.states):
        ranks = {OPEN: [0], COMING: [1], FINISHED: [2, 3]}[state]
        pages = pages.filter(rank__in=ranks)
    if any(choice.selected for choice in filters.levels):
        pages = pages.filter(process__engagement_level=level)
    if any(choice.selected for choice in filters.territories):
        pages = pages.filter(process__perimeter_id=int(place))
    pages = pages.order_by("rank", "-process__created_at", "-pk")
    cards = _cards(pages, at)
    with_pictures([card.page for card in cards])
    return {
        "cards": cards,
        "filters": filters,
    }


@dataclass(frozen=True, slots=True)
class ActivityItem:
    """An activity as pages show it: its phases with their state, its figures, the way in."""

    activity: Activity
    label: str
    icon: str
    url: str
    page: Any
    phases: list[tuple[Phase, str]]
    current: Phase | None
    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def can_act(self) -> bool:
        return self.current is not None and self.current.step in ACTING_STEPS


def _item(activity: Activity, at: datetime.datetime, pages: Mapping[int, Any]) -> ActivityItem:
    phases = [(phase, phase.state_at(at)) for phase in activity.phases.all()]
    try:
        instrument = registry.get(activity.kind)
    except KeyError:
        label, icon, url, summary = "", "", "", {}
    else:
        label, icon = str(instrument.label), instrument.icon
        url, summary = instrument.landing(activity), instrument.summary(activity, at)
    return ActivityItem(
        activity=activity,
        label=label,
        icon=icon,
        url=url,
        page=pages.get(activity.pk),
        phases=phases,
        current=next((phase for phase, state in phases if state == "current"), None),
        summary=summary,
    )


def _activities() -> QuerySet[Activity]:
    """With their process, and the rows of the instruments that tell them in short."""
    return (
        Activity.objects.select_related("process__perimeter", "process__owner", "budget", "map")
        .defer("process__perimeter__geometry", "map__drawn_perimeter")
        .prefetch_related(Prefetch("phases", queryset=Phase.objects.order_by("period", "pk")))
        .order_by("position", "pk")
    )


def process_with_activities(*, process_id: int) -> tuple[Process, list[Activity]]:
    """The process that a page tells, with who runs it and where, and its activities in order with
    their phases; two queries, a third for a process without activity."""
    activities = list(_activities().filter(process_id=process_id))
    process = activities[0].process if activities else _process(process_id)
    return process, activities


def _process(key: int) -> Process:
    found = Process.objects.select_related("owner", "perimeter").defer("perimeter__geometry")
    return found.get(pk=key)


def activity_items(
    *, activities: list[Activity], at: datetime.datetime, locale_id: int
) -> list[ActivityItem]:
    """The activities of a process as its page shows them, each with its live page in that
    language."""
    pages = {
        page.activity_id: page
        for page in cms_model("ActivityPage")
        .objects.live()
        .filter(activity__in=activities, locale_id=locale_id)
        .defer_streamfields()
        .order_by("pk")
    }
    return [_item(activity, at, pages) for activity in activities]


def activity_of(*, activity_id: int) -> Activity:
    """The activity that a page tells, with its process and its phases; two queries."""
    return _activities().get(pk=activity_id)


def activity_item(*, activity: Activity, at: datetime.datetime) -> ActivityItem:
    """One activity (see `activity_of`) for its own page."""
    return _item(activity, at, {})


def state_of(*, process: Process, activities: list[ActivityItem]) -> tuple[str, str]:
    """The state of a process and its label, from its activities' phases."""
    phases = [
        (phase.step, state)
        for item in activities
        for phase, state in item.phases
        if phase.step in ONGOING_STEPS
    ]
    if process.cancelled_at:
        state = CANCELLED
    elif any(state == "current" for _step, state in phases):
        state = OPEN
    elif any(state == "future" for _step, state in phases):
        state = COMING
    else:
        state = FINISHED
    return state, str(STATE_LABELS[state])
