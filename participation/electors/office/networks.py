"""Crowds that came from one network: look, hold or let be counted, with a reason."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.electors.models import NetworkWatch
from participation.electors.networks import crowds
from participation.electors.office.about import ElectorateScreen
from participation.electors.office.forms import ReasonForm
from participation.electors.services import decide_on_network


class JudgeNetworks(ElectorateScreen):
    """Each group with its people, their hours and the domains of their mail; no address."""

    page_title = _("Groups from one network")
    template_name = "electors_admin/networks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = crowds(electorate=self.electorate)
        typed, about = kwargs.pop("form", None), self.request.POST.get("group")
        return super().get_context_data(
            electorate=self.electorate,
            is_forgotten=NetworkWatch.objects.filter(pk=self.electorate.pk, key=None).exists(),
            decisions=list(
                self.electorate.network_decisions.select_related("decided_by").order_by("-pk")
            ),
            groups=[
                {
                    "crowd": crowd,
                    "form": typed
                    if typed is not None and crowd.mark == about
                    else ReasonForm(prefix=crowd.mark, auto_id=f"id_{crowd.mark}_%s"),
                    "most": max((number for _hour, number in crowd.hours), default=1),
                }
                for crowd in shown
            ],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide on one group, with a reason."""
        group = request.POST.get("group", "")
        form = ReasonForm(request.POST, prefix=group, auto_id=f"id_{group}_%s")
        is_held = request.POST.get("act") == "hold"
        return self.attempt(
            lambda: decide_on_network(
                electorate=self.electorate,
                mark=group,
                is_held=is_held,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("These ballots are held: their voters are asked to confirm.")
            if is_held
            else gettext("These ballots will be counted."),
            to=request.path,
        )
