"""Items of the agenda: from an idea to what was done, moved or dropped."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.agenda import policies
from participation.agenda.choices import Certainty
from participation.agenda.models import (
    AgendaItem,
    CitizenAgenda,
    ItemMove,
    ItemVersion,
    Theme,
)
from participation.agenda.windows import window_of
from participation.core import audit
from participation.core.models import Directorate, Process
from participation.core.verdict import ALLOWED, Verdict, refuse

_PUBLISHED = (
    "kind",
    "title",
    "summary",
    "theme_id",
    "territory_id",
    "process_id",
    "window",
    "precision",
    "certainty",
    "drop_reason",
)
"""What the feeds tell of an item; its page alone names its directorate."""


@dataclass(frozen=True, slots=True)
class ItemContent:
    """What an officer says of an item; its dates are apart."""

    kind: str
    title: str
    theme: Theme
    summary: str = ""
    territory: Territory | None = None
    process: Process | None = None
    directorate: Directorate | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """The days between which it takes place, both included, and how finely they are known."""

    first: datetime.date
    last: datetime.date
    precision: str

    @property
    def window(self) -> DateRange:
        """Half-open: `[start, end)`."""
        return DateRange(*window_of(self.first, self.last, self.precision))


@transaction.atomic
def create_item(
    *,
    agenda: CitizenAgenda,
    content: ItemContent,
    dates: Dates,
    actor: Any,
    at: datetime.datetime,
) -> AgendaItem:
    """Note an idea, which only the administration sees.

    Raises `Refused`: `not_allowed`, `no_title`, `reversed`, `out_of_mandate`.
    """
    policies.may_plan(user=actor).or_refuse()
    (_titled(content) & _dated(dates, agenda)).or_refuse()
    item = AgendaItem.objects.create(
        agenda=agenda,
        **_columns(content),
        window=dates.window,
        precision=dates.precision,
        created_at=at,
        updated_at=at,
    )
    _keep_version(item, actor, at)
    audit.record(action="parvis.agenda.create", instance=item, actor=actor)
    return item


@transaction.atomic
def change_item(
    *, item: AgendaItem, content: ItemContent, actor: Any, at: datetime.datetime
) -> AgendaItem:
    """Change what it says; the former version is kept, and a visa not used yet is asked for again.

    Raises `Refused`: those of `may_change_item`, `no_title`.
    """
    row = _locked(item)
    policies.may_change_item(item=row, user=actor).or_refuse()
    _titled(content).or_refuse()
    for name, value in _columns(content).items():
        setattr(row, name, value)
    _ask_again(row)
    return _saved(row, "parvis.agenda.change", actor, at)


@transaction.atomic
def propose_item(*, item: AgendaItem, actor: Any, at: datetime.datetime) -> AgendaItem:
    """Submit it to the elected officials. Raises `Refused`: those of `may_propose_item`."""
    row = _locked(item)
    policies.may_propose_item(item=row, user=actor).or_refuse()
    row.certainty = Certainty.PROPOSED
    return _saved(row, "parvis.agenda.propose", actor, at)


@transaction.atomic
def validate_item(*, item: AgendaItem, actor: Any, at: datetime.datetime) -> AgendaItem:
    """Give the visa of an elected official. Raises `Refused`: those of `may_validate_item`."""
    row = _locked(item)
    policies.may_validate_item(item=row, user=actor, written_by=last_hand(row)).or_refuse()
    row.certainty, row.endorsed_by, row.endorsed_at = Certainty.VALIDATED, actor, at
    return _saved(row, "parvis.agenda.validate", actor, at)


@transaction.atomic
def announce_item(*, item: AgendaItem, actor: Any, at: datetime.datetime) -> AgendaItem:
    """Make it public. Raises `Refused`: those of `may_announce_item`."""
    row = _locked(item)
    policies.may_announce_item(item=row, user=actor).or_refuse()
    row.certainty, row.announced_at = Certainty.ANNOUNCED, at
    return _saved(row, "parvis.agenda.announce", actor, at)


@transaction.atomic
def start_item(*, item: AgendaItem, actor: Any, at: datetime.datetime) -> AgendaItem:
    """Say that it has begun. Raises `Refused`: those of `may_start_item`."""
    return _become(item, Certainty.IN_PROGRESS, policies.may_start_item, actor, at)


@transaction.atomic
def finish_item(*, item: AgendaItem, actor: Any, at: datetime.datetime) -> AgendaItem:
    """Say that it is done. Raises `Refused`: those of `may_finish_item`."""
    return _become(item, Certainty.DONE, policies.may_finish_item, actor, at)


@transaction.atomic
def move_item(
    *, item: AgendaItem, dates: Dates, reason: str, actor: Any, at: datetime.datetime
) -> AgendaItem:
    """Change its dates. Once announced, the former ones stay visible, with the reason.

    Raises `Refused`: those of `may_move_item`, `reversed`, `out_of_mandate`, `same_dates`,
    `no_reason`.
    """
    row = _locked(item)
    policies.may_move_item(item=row, user=actor).or_refuse()
    _dated(dates, row.agenda).or_refuse()
    window = dates.window
    if (row.window.lower, row.window.upper, row.precision) == (
        window.lower,
        window.upper,
        dates.precision,
    ):
        refuse("same_dates", _("These are the dates that it already has.")).or_refuse()
    if policies.is_said(row):
        reason = reason.strip()
        if not reason:
            refuse("no_reason", _("A moved date needs its reason, which is public.")).or_refuse()
        ItemMove.objects.create(
            item=row,
            former_window=row.window,
            former_precision=row.precision,
            reason=reason,
            moved_by=actor,
            moved_at=at,
        )
        if row.certainty == Certainty.ANNOUNCED:
            row.certainty = Certainty.MOVED
    row.window, row.precision = window, dates.precision
    _ask_again(row)
    return _saved(row, "parvis.agenda.move", actor, at)


@transaction.atomic
def drop_item(*, item: AgendaItem, reason: str, actor: Any, at: datetime.datetime) -> AgendaItem:
    """Give it up and say why. Raises `Refused`: those of `may_drop_item`, `no_reason`."""
    row = _locked(item)
    policies.may_drop_item(item=row, user=actor).or_refuse()
    reason = reason.strip()
    if not reason:
        refuse("no_reason", _("What is dropped needs its reason, which is public.")).or_refuse()
    row.certainty, row.drop_reason = Certainty.DROPPED, reason
    return _saved(row, "parvis.agenda.drop", actor, at)


def last_hand(item: AgendaItem) -> int | None:
    """The key of who wrote its last version: somebody else gives the visa."""
    return (
        ItemVersion.objects.filter(item=item)
        .order_by("-number")
        .values_list("saved_by", flat=True)
        .first()
    )


def _ask_again(row: AgendaItem) -> None:
    """A visa is given to words and dates: changed before their announcement, they need another."""
    if row.certainty == Certainty.VALIDATED:
        row.certainty, row.endorsed_by, row.endorsed_at = Certainty.PROPOSED, None, None


def _become(
    item: AgendaItem,
    certainty: str,
    policy: Callable[..., Verdict],
    actor: Any,
    at: datetime.datetime,
) -> AgendaItem:
    row = _locked(item)
    policy(item=row, user=actor).or_refuse()
    row.certainty = certainty
    return _saved(row, f"parvis.agenda.{certainty}", actor, at)


def _locked(item: AgendaItem) -> AgendaItem:
    return (
        AgendaItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agenda")
        .get(pk=item.pk)
    )


def _saved(
    row: AgendaItem, action: str, actor: Any, at: datetime.datetime, **data: Any
) -> AgendaItem:
    """Keep the row and its version. Its sequence rises when what the feeds tell changes."""
    before = AgendaItem.objects.public().filter(pk=row.pk).values(*_PUBLISHED).first()
    after = {name: getattr(row, name) for name in _PUBLISHED}
    row.sequence += before is not None and before != after
    row.updated_at = at
    row.save()
    _keep_version(row, actor, at)
    audit.record(action=action, instance=row, actor=actor, **data)
    return row


def _keep_version(row: AgendaItem, actor: Any, at: datetime.datetime) -> None:
    ItemVersion.objects.create(
        item=row,
        number=1 + (row.versions.aggregate(last=Max("number"))["last"] or 0),
        content={
            "kind": row.kind,
            "title": row.title,
            "summary": row.summary,
            "theme": row.theme.name,
            "territory": row.territory.name if row.territory else "",
            "process": row.process.title if row.process else "",
            "directorate": str(row.directorate) if row.directorate else "",
            "start": row.window.lower.isoformat(),
            "end": row.window.upper.isoformat(),
            "precision": row.precision,
            "certainty": row.certainty,
            "drop_reason": row.drop_reason,
        },
        saved_by=actor,
        saved_at=at,
    )


def _columns(content: ItemContent) -> dict[str, Any]:
    return {
        "kind": content.kind,
        "title": " ".join(content.title.split()),
        "summary": content.summary.strip(),
        "theme": content.theme,
        "territory": content.territory,
        "process": content.process,
        "directorate": content.directorate,
    }


def _titled(content: ItemContent) -> Verdict:
    if content.title.strip():
        return ALLOWED
    return refuse("no_title", _("Give it a title."))


def _dated(dates: Dates, agenda: CitizenAgenda) -> Verdict:
    if dates.last < dates.first:
        return refuse("reversed", _("An end comes after its start."))
    outside = refuse("out_of_mandate", _("These dates are outside the mandate."))
    if not datetime.MINYEAR < dates.first.year <= dates.last.year < datetime.MAXYEAR:
        return outside  # the calendar itself has no window around them
    window = dates.window
    if window.upper <= agenda.mandate.lower or window.lower >= agenda.mandate.upper:
        return outside
    return ALLOWED
