"""What the agenda tells the pages: its board, and what comes next."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from participation.agenda.choices import Certainty
from participation.agenda.presentation.entries import Line, line
from participation.agenda.queries import entries


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A column of the board: `tone` and `icon` of its head, `empty` said when it has no line."""

    title: str
    icon: str
    tone: str
    empty: str
    lines: list[Line]


def agenda_board(*, at: datetime.datetime) -> list[BoardColumn]:
    """Coming, open now, being analysed, reported; no column at all while the agenda is empty."""
    board = entries.board(at=at)
    columns = [
        (gettext("Coming"), "calendar", "info", gettext("Nothing is announced."), board.coming),
        (gettext("Open now"), "message-circle", "success", gettext("Nothing is open."), board.open),
        (
            gettext("Being analysed"),
            "search",
            "warning",
            gettext("Nothing is being analysed."),
            board.analysed,
        ),
        (
            pgettext("column of the board", "Reported"),
            "circle-check",
            "neutral",
            gettext("Nothing was reported yet."),
            board.reported,
        ),
    ]
    if not any(rows for *_words, rows in columns):
        return []
    return [
        BoardColumn(title, icon, tone, empty, [line(row, at) for row in rows])
        for title, icon, tone, empty, rows in columns
    ]


def agenda_next(
    *, at: datetime.datetime, limit: int, theme_id: int | None = None
) -> dict[str, Any]:
    """What comes next, of a theme when one is asked: `lines`, and the `url` of the rest."""
    rows = entries.entries().exclude(certainty=Certainty.DROPPED)
    rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__gt=at)
    if theme_id is not None:
        rows = rows.filter(theme=theme_id)
    found = list(rows[:limit])
    theme = found[0].theme if theme_id is not None and found else None
    query = f"?theme={theme.slug}" if theme is not None else ""
    return {"lines": [line(row, at) for row in found], "url": reverse("agenda:home") + query}
