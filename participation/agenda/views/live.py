"""Questions from phones during an event, and the screen that shows them to the room."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.agenda import policies, services
from participation.agenda.choices import QuestionState
from participation.agenda.forms.live import QuestionForm
from participation.agenda.models import Event, LiveQuestion
from participation.agenda.presentation.qr import qr_svg
from participation.core.mails import absolute
from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.core.views.resending import shows_again_when_expired

_EXPIRED = _("This page had been open for too long. Nothing was sent: send it again.")
_MANY = _("Many questions were sent from here in the last hour: try again a little later.")
_PER_HOUR = 300
"""Questions from one address of the network: a whole room shares it."""
_ON_SCREEN = 6
"""Questions that a room reads at once."""


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a question; nobody sees it before a member of staff has read it."""
    event = _event(slug)
    now = timezone.now()
    verdict = policies.may_ask(event=event, at=now)
    form = QuestionForm(request.POST or None, initial={"key": uuid.uuid4()})
    if request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
        form.add_error(None, _EXPIRED)
    elif request.method == "POST" and not within_limit(
        request, action="agenda-question", limit=_PER_HOUR, seconds=3600
    ):
        form.add_error(None, _MANY)
    elif request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.ask(
                event=event,
                body=said["body"],
                author_label=said["author_label"],
                submission_key=said["key"],
                at=now,
            )
        except Refused as refused:
            for refusal in refused.verdict.refusals:
                form.add_error(None, str(refusal))
        else:
            return redirect("agenda:question_sent", slug)
    status = 422 if form.errors else 200
    context = {"event": event, "form": form, "verdict": verdict}
    return render(request, "agenda/question.html", context, status=status)


@never_cache
@require_safe
def question_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank you; another one? The same page for everybody."""
    event = _event(slug)
    verdict = policies.may_ask(event=event, at=timezone.now())
    return render(request, "agenda/question_sent.html", {"event": event, "verdict": verdict})


@never_cache
@require_safe
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    """What the room reads on the wall: the questions shown now, and how to send one.

    It holds only what staff chose to show; it refreshes itself, with or without JavaScript.
    """
    event = _event(slug)
    shown = LiveQuestion.objects.filter(event=event, state=QuestionState.SHOWN).order_by(
        "moderated_at", "pk"
    )[:_ON_SCREEN]
    template = "agenda/_screen.html" if request.headers.get("HX-Request") else "agenda/screen.html"
    address = absolute(request.path.removesuffix("ecran/"))
    context = {
        "event": event,
        "questions": shown,
        "verdict": policies.may_ask(event=event, at=timezone.now()),
        "address": address.removeprefix("https://").removeprefix("http://"),
        "qr": qr_svg(address),
    }
    return render(request, template, context)


def _event(slug: str) -> Event:
    return get_object_or_404(Event.objects.public().filter(questions_open=True), slug=slug)
