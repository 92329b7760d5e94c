"""What follows an event, in the back office: minutes, outcomes, what was heard."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.agenda import services
from participation.agenda.choices import MinutesState
from participation.agenda.forms.live import (
    CorrectionForm,
    DoneForm,
    HeardForm,
    MinutesForm,
    OutcomeForm,
)
from participation.agenda.models import HeardContribution, Minutes, Outcome, Satisfaction
from participation.agenda.office.shared import EventScreen
from participation.agenda.queries.after import attendance


class MinutesScreen(EventScreen):
    """Draft, approve, publish; then correct. `act` of the form says which."""

    page_title = _("Minutes of the meeting")
    header_icon = "doc-full"
    template_name = "agenda_admin/minutes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes = Minutes.objects.filter(event=self.event).select_related("approved_by").first()
        is_published = minutes is not None and minutes.state == MinutesState.PUBLISHED
        if is_published and minutes is not None:
            form: forms.Form = CorrectionForm(initial={"correction": minutes.correction})
        else:
            form = MinutesForm(initial={"body": minutes.body if minutes else ""})
        kwargs.setdefault("form", form)
        return super().get_context_data(minutes=minutes, is_published=is_published, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now, actor = timezone.now(), request.user
        match request.POST.get("act"):
            case "write":
                written = MinutesForm(request.POST)
                return self.attempt(
                    lambda: services.write_minutes(
                        event=self.event, body=written.cleaned_data["body"], actor=actor, at=now
                    ),
                    form=written,
                    done=gettext("The draft is kept."),
                    to=request.path,
                )
            case "correct":
                correction = CorrectionForm(request.POST)
                return self.attempt(
                    lambda: services.correct_minutes(
                        event=self.event,
                        correction=correction.cleaned_data["correction"],
                        actor=actor,
                    ),
                    form=correction,
                    done=gettext("The correction is published."),
                    to=request.path,
                )
            case "approve":
                act, done = services.approve_minutes, gettext("The minutes are approved.")
            case "publish":
                act, done = services.publish_minutes, gettext("The minutes are published.")
            case _:
                return HttpResponseBadRequest()
        # The text stays what it was: these buttons send nothing else.
        row = Minutes.objects.filter(event=self.event).first()
        form = MinutesForm({"body": row.body if row else ""})
        return self.attempt(
            lambda: act(event=self.event, actor=actor, at=now),
            form=form,
            done=done,
            to=request.path,
        )


class OutcomesScreen(EventScreen):
    """Decisions, and actions with who does them and by when."""

    page_title = _("Decisions and actions")
    header_icon = "list-ul"
    template_name = "agenda_admin/outcomes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Outcome.objects.filter(event=self.event).select_related("directorate")
        kwargs.setdefault("form", OutcomeForm())
        return super().get_context_data(
            outcomes=rows.order_by("position", "pk"),
            done_form=DoneForm(),
            figures=attendance(event=self.event),
            comments=Satisfaction.objects.filter(event=self.event)
            .exclude(comment="")
            .order_by("pk")
            .values_list("comment", flat=True)[:100],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = OutcomeForm(request.POST)
        return self.attempt(
            lambda: services.record_outcome(
                event=self.event, actor=request.user, at=timezone.now(), **form.cleaned_data
            ),
            form=form,
            done=gettext("It is recorded."),
            to=request.path,
        )


class FinishAction(EventScreen):
    """Say that an action is done, or take away what was recorded by mistake."""

    page_title = _("Decision or action")
    template_name = "agenda_admin/outcome.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.outcome = get_object_or_404(
            Outcome.objects.select_related("event"), event=self.event, pk=kwargs["outcome"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", DoneForm())
        return super().get_context_data(outcome=self.outcome, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DoneForm(request.POST)
        back = request.path.rsplit("/", 2)[0] + "/"
        if request.POST.get("act") == "remove":
            return self.attempt(
                lambda: services.remove_outcome(outcome=self.outcome, actor=request.user),
                form=form,
                done=gettext("It is removed."),
                to=back,
            )
        return self.attempt(
            lambda: services.finish_action(
                outcome=self.outcome,
                note=form.cleaned_data["note"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The action is done."),
            to=back,
        )


class HeardScreen(EventScreen):
    """What was heard in the room, entered one by one."""

    page_title = _("Heard in the room")
    header_icon = "comment"
    template_name = "agenda_admin/heard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = HeardContribution.objects.filter(event=self.event).select_related("contribution")
        kwargs.setdefault("form", HeardForm(initial={"key": uuid.uuid4()}))
        return super().get_context_data(rows=rows.order_by("pk"), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = HeardForm(request.POST)

        def act() -> None:
            said = form.cleaned_data
            services.enter_heard(
                event=self.event,
                title=said["title"],
                body=said["body"],
                said_by=said["said_by"],
                submission_key=said["key"],
                actor=request.user,
                at=timezone.now(),
            )

        return self.attempt(
            act, form=form, done=gettext("The contribution is published."), to=request.path
        )
