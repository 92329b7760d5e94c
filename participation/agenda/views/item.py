"""The page of what is announced."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.agenda.choices import Certainty
from participation.agenda.models import AgendaItem, Event
from participation.agenda.presentation.dates import period_words, precision_words

_SETTLED = (Certainty.DONE, Certainty.DROPPED)
"""Nothing more is to be known of its date."""


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """What, when and how sure; the dates it had before, and why; its events."""
    row = get_object_or_404(
        AgendaItem.objects.public()
        .select_related("theme", "territory", "directorate", "process", "agenda")
        .defer("territory__geometry"),
        pk=pk,
    )
    moves = [
        {
            "when": period_words(
                move.former_window.lower, move.former_window.upper, move.former_precision
            ),
            "reason": move.reason,
            "moved_at": move.moved_at,
        }
        for move in row.moves.order_by("-moved_at", "-pk")
    ]
    context = {
        "item": row,
        "when": period_words(row.window.lower, row.window.upper, row.precision),
        "precision": precision_words(row.precision) if row.certainty not in _SETTLED else "",
        "moves": moves,
        "is_dropped": row.certainty == Certainty.DROPPED,
        "events": Event.objects.public().filter(item=row).order_by("starts_at", "pk"),
        "process": row.process if row.process and row.process.published_at else None,
        "at": timezone.now(),
    }
    return render(request, "agenda/item.html", context)
