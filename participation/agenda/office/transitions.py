"""What happens to an event: each page calls one service."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from participation.agenda.choices import EventState
from participation.agenda.models import Event
from participation.agenda.office.forms import CopyForm, MoveForm, ReasonForm
from participation.agenda.office.shared import EventScreen
from participation.agenda.services import events
from participation.core.verdict import Refused


def board_of(event: Event) -> str:
    return reverse("agenda_event:board", args=[event.pk])


class _Transition(EventScreen):
    template_name = "agenda_admin/transition.html"
    intro: Any = ""
    button: Any = ""

    def new_form(self, data: Any = None) -> forms.Form:
        return ReasonForm(data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.new_form())
        return super().get_context_data(
            intro=self.intro, button=self.button, back=board_of(self.event), **kwargs
        )


class Move(_Transition):
    """Another date or place; the new date of a postponed event."""

    page_title = _("Move the event")
    intro = _(
        "The former date and place stay on the page with the reason; those registered are told."
    )
    button = _("Move the event")

    def new_form(self, data: Any = None) -> MoveForm:
        return MoveForm(data, event=self.event)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.new_form(request.POST)
        postponed = self.event.state == EventState.POSTPONED
        act = events.reopen_event if postponed else events.move_event
        return self.attempt(
            lambda: act(
                event=self.event,
                to=form.whereabouts(),
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The event is moved."),
            to=board_of(self.event),
        )


class Postpone(_Transition):
    page_title = _("Postpone the event")
    intro = _("Its date is put off without a new one yet; its room is free again.")
    button = _("Postpone the event")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.new_form(request.POST)
        return self.attempt(
            lambda: events.postpone_event(
                event=self.event,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The event is postponed."),
            to=board_of(self.event),
        )


class Cancel(_Transition):
    page_title = _("Cancel the event")
    intro = _("Its page stays, with the reason. A cancelled event does not come back.")
    button = _("Cancel the event for good")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.new_form(request.POST)
        return self.attempt(
            lambda: events.cancel_event(
                event=self.event,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The event is cancelled."),
            to=board_of(self.event),
        )


class Copy(_Transition):
    page_title = _("Copy the event")
    intro = _("A new draft with the same programme, speakers, stops, preparation and seats.")
    button = _("Make the copy")

    def new_form(self, data: Any = None) -> CopyForm:
        return CopyForm(data, event=self.event)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.new_form(request.POST)
        made: list[Event] = []

        def act() -> None:
            made.append(
                events.copy_event(
                    event=self.event,
                    starts_at=form.cleaned_data["starts_at"],
                    actor=request.user,
                    at=timezone.now(),
                )
            )

        answer = self.attempt(
            act, form=form, done=gettext("The copy is made: it is a draft."), to=""
        )
        return HttpResponseRedirect(board_of(made[0])) if made else answer


class _Button(EventScreen):
    """A button of the board: nothing is asked."""

    http_method_names = ["post"]
    done: Any = ""

    def act(self) -> None:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act()
        except Refused as refused:
            for refusal in refused.verdict.refusals:
                messages.error(request, str(refusal))
        else:
            messages.success(request, str(self.done))
        return HttpResponseRedirect(board_of(self.event))


class Publish(_Button):
    page_title = _("Publish")
    done = _("The event is on the site.")

    def act(self) -> None:
        events.publish_event(event=self.event, actor=self.request.user, at=timezone.now())


class Hold(_Button):
    page_title = _("The event took place")
    done = _("The event is over: write its minutes.")

    def act(self) -> None:
        events.hold_event(event=self.event, actor=self.request.user, at=timezone.now())
