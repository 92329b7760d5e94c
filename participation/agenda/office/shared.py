"""What the screens of the back office share."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext

from participation.agenda import policies
from participation.agenda.models import Event
from participation.core.viewsets import screens
from participation.core.viewsets.screens import Desk
from participation.core.viewsets.shared import Guarded, add_refusals

__all__ = ["Desk", "EventScreen", "Guarded", "Listing", "Screen", "add_refusals", "event_trail"]


class Screen(screens.Screen):
    """A page of the back office of the agenda that is not a list."""

    policy = staticmethod(policies.may_enter_office)


class Listing(screens.Listing):
    """A list of the back office of the agenda."""

    policy = staticmethod(policies.may_enter_office)


class EventScreen(Screen):
    """A page about one event: `self.event`, from the key in the address."""

    policy = staticmethod(policies.may_run_events)
    header_icon = "date"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.event = get_object_or_404(
            Event.objects.select_related("process", "venue", "theme", "territory"),
            pk=kwargs["pk"],
        )

    def trail(self) -> list[tuple[str, str]]:
        return event_trail(self.event)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(event=self.event, **kwargs)


def event_trail(event: Event) -> list[tuple[str, str]]:
    """The way to the board of an event."""
    return [
        (reverse("agenda_event:index"), gettext("Events of the agenda")),
        (reverse("agenda_event:board", args=[event.pk]), event.title),
    ]
