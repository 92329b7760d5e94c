"""The short form of those who came."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.agenda import links, policies, services
from participation.agenda.forms.live import SatisfactionForm
from participation.agenda.models import SatisfactionRequest
from participation.core.verdict import Refused
from participation.core.views.resending import shows_again_when_expired

_EXPIRED = _("This page had been open for too long. Nothing was sent: send it again.")


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def satisfaction(request: HttpRequest, token: str) -> HttpResponse:
    """Say what one thought, by the link of the mail; nothing ties the answer to a person."""
    key = links.opened(token, links.SATISFACTION)
    asked = SatisfactionRequest.objects.select_related("registration__event").filter(pk=key).first()
    if key is None or asked is None:
        raise Http404
    now = timezone.now()
    event = asked.registration.event
    verdict = policies.may_say_satisfaction(event=event, at=now)
    form = SatisfactionForm(request.POST or None)
    done = asked.answered
    if request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
        form.add_error(None, _EXPIRED)
    elif request.method == "POST" and not done and form.is_valid():
        try:
            services.say_satisfaction(registration=asked.registration, at=now, **form.cleaned_data)
        except Refused as refused:
            verdict = refused.verdict
        else:
            done = True
    status = 422 if form.errors and not done else 200
    context = {"event": event, "form": form, "verdict": verdict, "done": done}
    return render(request, "agenda/satisfaction.html", context, status=status)
