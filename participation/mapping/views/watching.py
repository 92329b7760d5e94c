"""Asking to be told of what is contributed, from a map's page; stopping one's own alerts."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maps.forms import Location
from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.core.views.resending import shows_again_when_expired
from participation.mapping import queries, services
from participation.mapping.choices import Place
from participation.mapping.filters import MapFilters, map_filters
from participation.mapping.filters.contributions import CATEGORY, DISTRICT
from participation.mapping.forms import USUAL_RADIUS, AlertForm, VisitorForm
from participation.mapping.views.map_page import MapPage, open_map

PER_HOUR = 10


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: HttpRequest, slug: str) -> HttpResponse:
    """Be told: the form, which begins with the filters of the address, and one's own alerts."""
    page = open_map(request, slug)
    visitor = None if request.user.is_authenticated else VisitorForm(request.POST or None)
    if request.method == "POST":
        return _receive(request, page, visitor)
    districts = queries.districts(map=page.map)
    filters = map_filters(request.GET, categories=page.categories, districts=districts)
    form = AlertForm(
        initial=_initial(filters),
        map=page.map,
        categories=page.categories,
        districts=districts,
    )
    return _show(request, page, form, visitor)


def _initial(filters: MapFilters) -> dict[str, Any]:
    """The filters of the list that somebody was reading, as the form proposes them."""
    initial: dict[str, Any] = {
        "place": Place.WHOLE,
        "radius": USUAL_RADIUS,
        "category": filters.values.get(CATEGORY, ""),
        "words": filters.text[:100],
        "submission_key": uuid.uuid4(),
    }
    if filters.around:
        initial |= {
            "place": Place.AROUND,
            "around": Location(point=filters.around.point, address=filters.around.label),
            "radius": filters.around.radius,
        }
    elif district := filters.values.get(DISTRICT):
        initial |= {"place": Place.DISTRICT, "district": district}
    return initial


def _receive(request: HttpRequest, page: MapPage, visitor: VisitorForm | None) -> HttpResponse:
    form = AlertForm(
        request.POST,
        map=page.map,
        categories=page.categories,
        districts=queries.districts(map=page.map),
    )
    if request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
        form.show_as_typed()
        said = gettext("This page had been open for too long. Nothing was sent: send it again.")
        return _show(request, page, form, _as_typed(visitor), problems=[said], status=403)
    if visitor is not None and visitor.is_trapped:
        return redirect("mapping:alert_sent", page.slug)  # programs learn nothing
    if not within_limit(request, action="map-alert", limit=PER_HOUR, seconds=3600):
        form.show_as_typed()
        said = gettext("A lot was asked from here in the last hour: try again a little later.")
        return _show(request, page, form, _as_typed(visitor), problems=[said], status=429)
    is_right = form.is_valid()
    if visitor is not None:
        is_right = visitor.is_valid() and is_right
    if not is_right:
        return _show(request, page, form, visitor, status=400)
    try:
        alert = services.ask_for_alert(
            watch=form.watch(),
            user=request.user if visitor is None else None,
            email="" if visitor is None else visitor.cleaned_data["email"],
            language=request.LANGUAGE_CODE,
            submission_key=form.cleaned_data["submission_key"],
            at=page.at,
        )
    except Refused as refusal:
        reasons = [str(each) for each in refusal.verdict.refusals]
        return _show(request, page, form, visitor, problems=reasons, status=403)
    if visitor is not None:
        return redirect("mapping:alert_sent", page.slug)
    messages.success(request, gettext("You will be told: “%(label)s”.") % {"label": alert.label})
    return redirect("mapping:alerts", page.slug)


def _as_typed(visitor: VisitorForm | None) -> VisitorForm | None:
    """What was typed, without judging it."""
    if visitor is None:
        return None
    return VisitorForm(initial={name: visitor.data.get(name, "") for name in visitor.fields})


def _show(
    request: HttpRequest,
    page: MapPage,
    form: AlertForm,
    visitor: VisitorForm | None,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    own = queries.alerts_of(user=request.user) if request.user.is_authenticated else []
    context = page.context(
        "alerts",
        form=form,
        visitor_form=visitor,
        problems=problems or [],
        has_errors=bool(form.errors or (visitor is not None and visitor.errors)),
        own_alerts=own,
    )
    return render(request, "mapping/alerts.html", context, status=status)


@never_cache
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do now: open the message. The same page for everybody."""
    page = open_map(request, slug)
    return render(request, "mapping/alert_sent.html", page.context("alerts"))


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """A member stops one of their alerts; anybody else's does not exist."""
    alert = queries.own_alert(user=request.user, key=pk)
    if alert is None:
        raise Http404(gettext("This alert no longer exists."))
    services.stop_alert(alert=alert, user=request.user)
    said = gettext("The alert is stopped: “%(label)s”.") % {"label": alert.label}
    messages.success(request, said)
    return redirect(_way_back(request))


def _way_back(request: HttpRequest) -> Any:
    """The page where the button was, when it is one of ours."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    ):
        return wanted
    return reverse("space:follows")
