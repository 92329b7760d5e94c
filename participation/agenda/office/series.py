"""Repeating an event: choose, look at the dates with their warnings, make the drafts."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext
from wagtail.admin import messages

from participation.agenda.local_time import instant
from participation.agenda.models import Event
from participation.agenda.office.forms.series import RepeatForm
from participation.agenda.office.shared import EventScreen
from participation.agenda.office.transitions import Button, board_of
from participation.agenda.queries.conflicts import warnings_of_each
from participation.agenda.services import events
from participation.core.dates import date_format
from participation.core.verdict import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A date of a recurrence before it is made: its day, its words, what stands in its way."""

    day: str
    words: str
    warnings: list[str]
    impossible: str
    kept: bool


class Repeat(EventScreen):
    page_title = _("Repeat the event")
    template_name = "agenda_admin/repeat.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", RepeatForm(event=self.event))
        kwargs.setdefault("dates", [])
        return super().get_context_data(back=board_of(self.event), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RepeatForm(request.POST, event=self.event)
        if not form.is_valid():
            return self.show(form=form)
        if request.POST.get("act") != "make":
            return self.render_to_response(
                self.get_context_data(form=form, dates=self.foreseen(form, kept=None))
            )
        try:
            series = events.repeat_event(
                event=self.event,
                repetition=form.repetition(),
                left_out=form.left_out(),
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            for refusal in refused.verdict.refusals:
                form.add_error(None, str(refusal))
            kept = set(request.POST.getlist("keep"))
            return self.show(form=form, dates=self.foreseen(form, kept=kept))
        number = series.events.count() - 1
        done = ngettext(
            "%(number)s more date is made: it is a draft.",
            "%(number)s more dates are made: they are drafts.",
            number,
        ) % {"number": number}
        messages.success(request, done)
        return HttpResponseRedirect(board_of(self.event))

    def foreseen(self, form: RepeatForm, *, kept: set[str] | None) -> list[Foreseen]:
        """The dates after the first, each kept unless its hour does not exist (or is unticked)."""
        event = self.event
        starts = form.repetition().dates(first=event.local_start)[1:]
        thought = [_thought(event, start) for start in starts]
        warnings = warnings_of_each([each for each, _why in thought])
        shown = pgettext("date format", "l, F j, Y")
        return [
            Foreseen(
                day=start.date().isoformat(),
                words=date_format(start, shown),
                warnings=told,
                impossible=why,
                kept=not why and (kept is None or start.date().isoformat() in kept),
            )
            for start, (_each, why), told in zip(starts, thought, warnings, strict=True)
        ]


class PublishSeries(Button):
    page_title = _("Publish all the dates")

    def act(self) -> str:
        number = events.publish_series(event=self.event, actor=self.request.user, at=timezone.now())
        return ngettext(
            "%(number)s date is on the site.", "%(number)s dates are on the site.", number
        ) % {"number": number}


def _thought(event: Event, start: datetime.datetime) -> tuple[Event, str]:
    """An event that is not saved, for its warnings; and why its hour is impossible, if it is."""
    why = ""
    try:
        at = instant(local=start, zone=event.zone)
    except Refused as refused:
        why = str(refused)
        at = start.replace(tzinfo=event.zone).astimezone(datetime.UTC)
    copy = Event(
        title=event.title,
        starts_at=at,
        ends_at=at + (event.ends_at - event.starts_at),
        timezone=event.timezone,
        territory_id=event.territory_id,
    )
    return copy, why
