"""The door: choose how to come, see what misses, leave."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from participation.accounts import franceconnect
from participation.electors import presentation, visits
from participation.electors.choices import Way
from participation.electors.views.shared import admission_of, open_entrance


@never_cache
@require_safe
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    """The ways that this vote accepts; for whoever has come, whether they may vote."""
    entrance = open_entrance(request, slug)
    elector = visits.current_elector(request, entrance.activity)
    has_come = elector is not None or request.user.is_authenticated
    verdict = admission_of(request, entrance, elector)
    context = entrance.context(
        doors=presentation.doors(
            entrance.electorate, back=entrance.back, is_signed_in=request.user.is_authenticated
        ),
        has_come=has_come,
        is_visitor=visits.has_visit(request, entrance.activity),
        may_vote=bool(verdict),
        reasons=presentation.mendings(verdict, activity=entrance.activity, back=entrance.back)
        if has_come
        else [],
        is_shared=visits.on_shared_device(request),
    )
    response = render(request, "electors/entry.html", context)
    if Way.FRANCECONNECT in entrance.electorate.ways and franceconnect.is_configured():
        # The button's form is redirected there: browsers ask the policy about it too.
        response._csp_update = {"form-action": [franceconnect.origin()]}  # type: ignore[attr-defined]  # read by django-csp
    return response


@never_cache
@require_POST
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """“I have finished”: this browser forgets who was here."""
    entrance = open_entrance(request, slug)
    visits.leave(request)
    messages.success(request, gettext("You have left. This device has kept nothing of you."))
    return HttpResponseRedirect(entrance.to("entry"))
