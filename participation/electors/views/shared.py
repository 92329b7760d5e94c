"""What the pages of the entrance share."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from participation.core import registry
from participation.core.models import Activity
from participation.core.verdict import Refused, Verdict
from participation.electors import policies, presentation, queries, visits
from participation.electors.models import Elector, Electorate
from participation.electors.services import note_arrival


@dataclass(frozen=True, slots=True)
class Entrance:
    """The door of one vote at one moment. `back` is where people go once they are in."""

    activity: Activity
    electorate: Electorate
    at: datetime.datetime
    back: str

    def to(self, name: str) -> str:
        """The address of another page of the entrance."""
        return presentation.address(name, self.activity, self.back)

    def context(self, **more: Any) -> dict[str, Any]:
        """What every template of the entrance needs."""
        return {
            "entrance": self,
            "activity": self.activity,
            "process": self.activity.process,
            "electorate": self.electorate,
            "back": self.back,
            "entry_url": self.to("entry"),
            **more,
        }


def open_entrance(request: HttpRequest, slug: str) -> Entrance:
    """The entrance of the activity at that address.

    Raises `Http404` when it is not published, except for staff.
    """
    activity = (
        Activity.objects.select_related("process__perimeter")
        .defer("process__perimeter__geometry")
        .filter(slug=slug)
        .first()
    )
    hidden = activity is None or (
        activity.process.published_at is None and not request.user.is_staff
    )
    if activity is None or hidden:
        raise Http404(gettext("There is no vote at this address."))
    return Entrance(
        activity=activity,
        electorate=queries.electorate_in_force(activity=activity),
        at=timezone.now(),
        back=way_back(request, activity),
    )


def way_back(request: HttpRequest, activity: Activity) -> str:
    """The page asked for by `next`, when it is one of ours, or where one votes."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    ):
        return wanted
    instrument = registry.find(activity.kind)
    if instrument is None:
        return "/"
    return (instrument.voting or instrument.landing)(activity)


def admission_of(request: HttpRequest, entrance: Entrance, elector: Elector | None) -> Verdict:
    """May whoever is here vote?"""
    return policies.admission(
        electorate=entrance.electorate, elector=elector, account=request.user, at=entrance.at
    )


def go_on(request: HttpRequest, entrance: Entrance, elector: Elector) -> HttpResponse:
    """Let the elector in: to the ballot, or back to the entrance where what misses is said."""
    visits.welcome(request, elector)
    note_arrival(
        electorate_id=elector.electorate_id, elector=elector, address=visits.address_of(request)
    )
    verdict = admission_of(request, entrance, elector)
    return HttpResponseRedirect(entrance.back if verdict else entrance.to("entry"))


def show_refusals(form: Any, refused: Refused) -> None:
    """Put every reason at the top of the form."""
    for refusal in refused.verdict.refusals:
        form.add_error(None, str(refusal))


def too_fast(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The same sentence for everyone, whatever was typed."""
    return render(request, "core/too_fast.html", {"back": entrance.to("entry")}, status=429)
