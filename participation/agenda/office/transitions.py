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
from participation.agenda.office.forms.series import ask_scope, scope_of
from participation.agenda.office.shared import EventScreen
from participation.agenda.services import events
from participation.core.verdict import Refused


def board_of(event: Event) -> str:
    return reverse("agenda_event:board", args=[event.pk])


class _Transition(EventScreen):
    template_name = "agenda_admin/transition.html"
    intro: Any = ""
    button: Any = ""
    in_series = False

    def new_form(self, data: Any = None) -> forms.Form:
        return ReasonForm(data)

    def asked(self, data: Any = None) -> forms.Form:
        """The form, which also asks for which dates of a series when `in_series`."""
        form = self.new_form(data)
        if self.in_series:
            ask_scope(form, self.event)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.asked())
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

    @property
    def in_series(self) -> bool:  # type: ignore[override]  # a postponed date comes back alone
        return self.event.state != EventState.POSTPONED

    def new_form(self, data: Any = None) -> MoveForm:
        return MoveForm(data, event=self.event)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form: Any = self.asked(request.POST)

        def act() -> None:
            wish: dict[str, Any] = {
                "event": self.event,
                "to": form.whereabouts(),
                "reason": form.cleaned_data["reason"],
                "actor": request.user,
                "at": timezone.now(),
            }
            if self.in_series:
                events.move_occurrences(scope=scope_of(form), **wish)
            else:
                events.reopen_event(**wish)

        return self.attempt(
            act,
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
    in_series = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.asked(request.POST)
        return self.attempt(
            lambda: events.cancel_occurrences(
                event=self.event,
                scope=scope_of(form),
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


class Button(EventScreen):
    """A button of the board: nothing is asked."""

    http_method_names = ["post"]

    def act(self) -> str:
        """Call the service; the sentence that says what was done."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            done = self.act()
        except Refused as refused:
            for refusal in refused.verdict.refusals:
                messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return HttpResponseRedirect(board_of(self.event))


class Publish(Button):
    page_title = _("Publish")

    def act(self) -> str:
        events.publish_event(event=self.event, actor=self.request.user, at=timezone.now())
        return gettext("The event is on the site.")


class Hold(Button):
    page_title = _("The event took place")

    def act(self) -> str:
        events.hold_event(event=self.event, actor=self.request.user, at=timezone.now())
        return gettext("The event is over: write its minutes.")
