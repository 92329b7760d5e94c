"""Questions from phones, read by staff while the event is held."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.agenda import policies
from participation.agenda.choices import QuestionState
from participation.agenda.models import LiveQuestion
from participation.agenda.office.shared import EventScreen
from participation.agenda.services import sort_question

_SHOWN = 200
_PART = "X-Parvis-Part"
"""The header of a script that reads the lists again, not the page."""


class SortForm(forms.Form):
    question = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=QuestionState.choices)


class LiveQuestions(EventScreen):
    """What was asked, and where each question is: one button per move."""

    policy = staticmethod(policies.may_welcome)
    page_title = _("Questions of the room")
    header_icon = "help"
    template_name = "agenda_admin/live.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; its lists alone for the script that keeps it up to date."""
        if request.headers.get(_PART):
            return render(request, "agenda_admin/_questions.html", {"columns": self.columns()})
        return super().get(request, *args, **kwargs)

    def columns(self) -> list[tuple[QuestionState, Any, list[LiveQuestion]]]:
        """Each state with its name and its questions, in the order they were asked."""
        rows = list(LiveQuestion.objects.filter(event=self.event).order_by("asked_at", "pk"))
        return [
            (state, state.label, [row for row in rows if row.state == state][:_SHOWN])
            for state in QuestionState
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SortForm())
        return super().get_context_data(
            columns=self.columns(),
            screen_url=reverse("agenda:question_screen", args=[self.event.slug]),
            ask_url=reverse("agenda:question", args=[self.event.slug]),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SortForm(request.POST)

        def act() -> None:
            question = get_object_or_404(
                LiveQuestion, event=self.event, pk=form.cleaned_data["question"]
            )
            sort_question(
                question=question,
                state=form.cleaned_data["state"],
                actor=request.user,
                at=timezone.now(),
            )

        return self.attempt(act, form=form, done=gettext("Done."), to=request.path)
