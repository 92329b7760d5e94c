"""The list of events, the form of each, and its board."""

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from participation.agenda import policies
from participation.agenda.choices import EventKind, EventState
from participation.agenda.models import Event, Theme
from participation.agenda.office import parts, posters, registrations, series, transitions
from participation.agenda.office.aftermath import SCREENS
from participation.agenda.office.forms import EventForm
from participation.agenda.office.forms.series import ask_scope, scope_of
from participation.agenda.office.shared import Desk, EventScreen, Listing, Screen
from participation.agenda.presentation.dates import moment_words
from participation.agenda.queries.conflicts import warnings_of
from participation.agenda.queries.events import dates_of_series
from participation.agenda.services import events


class EventFilter(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=EventState.choices)
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=EventKind.choices)
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"), queryset=Theme.objects.order_by("name", "pk")
    )

    class Meta:
        model = Event
        fields: list[str] = []


class EventListing(Listing):
    policy = staticmethod(policies.may_run_events)
    page_title = _("Events of the agenda")
    intro = _("Choose an event to prepare it, publish it or say what became of it.")
    is_searchable = True
    search_fields = ["title"]
    filterset_class = EventFilter
    default_ordering = None

    def get_base_queryset(self) -> Any:
        return Event.objects.select_related("venue", "theme").next_first(timezone.now())

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(_("New event"), url=reverse("agenda_event:new"), icon_name="plus"),
            HeaderButton(_("Rooms"), url=reverse("agenda_venue:index"), icon_name="home"),
        ]

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "title",
                label=_("Title"),
                get_url=lambda row: reverse("agenda_event:board", args=[row.pk]),
            ),
            Column("when", label=_("When"), accessor=when_words),
            Column("place", label=_("Where"), accessor="place"),
            Column("theme", label=_("Theme"), accessor="theme.name"),
            Column("state", label=_("State"), accessor="get_state_display"),
        ]


def when_words(row: Event) -> str:
    return moment_words(row.starts_at, row.ends_at, row.timezone)


class NewEvent(Screen):
    policy = staticmethod(policies.may_run_events)
    page_title = _("New event")
    header_icon = "date"
    template_name = "agenda_admin/event_form.html"

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("agenda_event:index"), gettext("Events of the agenda"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", EventForm())
        return super().get_context_data(back=reverse("agenda_event:index"), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EventForm(request.POST)
        made: list[Event] = []

        def act() -> None:
            made.append(
                events.create_event(plan=form.plan(), actor=request.user, at=timezone.now())
            )

        answer = self.attempt(
            act, form=form, done=gettext("The draft is kept. Nobody sees it yet."), to=""
        )
        return HttpResponseRedirect(transitions.board_of(made[0])) if made else answer


class ChangeEvent(EventScreen):
    page_title = _("What, when and where")
    template_name = "agenda_admin/event_form.html"

    def asked(self, data: Any = None) -> EventForm:
        form = EventForm(data, event=self.event)
        ask_scope(form, self.event)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.asked())
        return super().get_context_data(back=transitions.board_of(self.event), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.asked(request.POST)
        return self.attempt(
            lambda: events.change_occurrences(
                event=self.event,
                scope=scope_of(form),
                plan=form.plan(),
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The event is saved."),
            to=transitions.board_of(self.event),
        )


_AHEAD = (EventState.DRAFT, EventState.SCHEDULED)


class Board(EventScreen):
    """One event at a glance: what it is, what is ready, what may be done now."""

    template_name = "agenda_admin/board.html"
    http_method_names = ["get", "head"]

    def get_page_title(self) -> str:
        return self.event.title

    def trail(self) -> list[tuple[str, str]]:
        return super().trail()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event, user, now = self.event, self.request.user, timezone.now()
        dates = dates_of_series(event)
        return super().get_context_data(
            when=when_words(event),
            warnings=warnings_of(event) if event.state in _AHEAD else [],
            is_draft=event.state == EventState.DRAFT,
            public_url=reverse("agenda:event", args=[event.slug]),
            sections=parts.sections_of(event),
            moves=[
                {
                    "when": moment_words(
                        move.former_starts_at, move.former_ends_at, event.timezone
                    ),
                    "place": move.former_place,
                    "reason": move.reason,
                }
                for move in event.moves.order_by("-moved_at", "-pk")
            ],
            publishing=policies.may_publish(event=event, user=user, at=now),
            may_change=bool(policies.may_change(event=event, user=user)),
            may_move=bool(policies.may_move(event=event, user=user)),
            may_reopen=bool(policies.may_reopen(event=event, user=user)),
            may_postpone=bool(policies.may_postpone(event=event, user=user)),
            may_cancel=bool(policies.may_cancel(event=event, user=user)),
            may_repeat=bool(policies.may_repeat(event=event, user=user)),
            dates=dates,
            has_drafts=any(date.state == EventState.DRAFT for date in dates),
            may_hold=bool(policies.may_hold(event=event, user=user, at=now)),
            **kwargs,
        )


class EventDesk(Desk):
    name = "agenda_event"
    url_prefix = "agenda/rencontres"
    model = Event
    icon = "date"
    menu_label = _("Events of the agenda")
    listing = EventListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("nouvelle/", NewEvent, "new"),
            ("<int:pk>/", Board, "board"),
            ("<int:pk>/modifier/", ChangeEvent, "change"),
            ("<int:pk>/publier/", transitions.Publish, "publish"),
            ("<int:pk>/deplacer/", transitions.Move, "move"),
            ("<int:pk>/reporter/", transitions.Postpone, "postpone"),
            ("<int:pk>/annuler/", transitions.Cancel, "cancel"),
            ("<int:pk>/tenue/", transitions.Hold, "hold"),
            ("<int:pk>/copier/", transitions.Copy, "copy"),
            ("<int:pk>/repeter/", series.Repeat, "repeat"),
            ("<int:pk>/serie/publier/", series.PublishSeries, "publish_series"),
            ("<int:pk>/affiche-<slug:size>.pdf", posters.Poster, "poster"),
            *parts.SCREENS,
            *registrations.SCREENS,
            *SCREENS,
        ]
