"""The desks of each budget, and their settings for the officer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.budgets.models import Budget, PollingDesk
from participation.budgets.office.desks.forms import DeskForm
from participation.budgets.office.lookups import budget_or_404
from participation.budgets.office.shared import Screen, budget_trail
from participation.budgets.policies import may_run_vote
from participation.budgets.policies import paper as policies
from participation.budgets.queries import desk as reads
from participation.budgets.services.paper.marks import (
    DeskPlan,
    save_desk,
)


def desk_or_404(pk: int) -> PollingDesk:
    return get_object_or_404(
        PollingDesk.objects.select_related(
            "budget__activity__process__perimeter", "budget__activity__electorate"
        ).prefetch_related("budget__activity__phases"),
        pk=pk,
    )


class DeskList(Screen):
    """The desks: all of them for the officer, their own for agents."""

    policy = staticmethod(policies.may_see_desks)
    page_title = _("Polling desks")
    template_name = "budgets_admin/desks.html"
    header_icon = "group"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        runs = bool(may_run_vote(user=user))
        return super().get_context_data(
            groups=reads.desks_by_budget(
                agent=None if runs else user, viewer=user, today=timezone.localdate()
            ),
            budgets=reads.budgets_for_desks() if runs else [],
            runs=runs,
            **kwargs,
        )


class _DeskSettings(Screen):
    policy = staticmethod(may_run_vote)
    template_name = "budgets_admin/desk_settings.html"
    header_icon = "group"
    budget: Budget
    desk: PollingDesk | None = None

    def trail(self) -> list[tuple[str, str]]:
        return [*budget_trail(self.budget), (reverse("desk:index"), str(DeskList.page_title))]

    def _form(self, data: Any = None) -> DeskForm:
        if self.desk is None:
            return DeskForm(data)
        initial = {
            "name": self.desk.name,
            "place": self.desk.place,
            "agents": list(self.desk.agents.values_list("pk", flat=True)),
        }
        return DeskForm(data, initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        return super().get_context_data(budget=self.budget, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)

        def act() -> None:
            data = form.cleaned_data
            plan = DeskPlan(data["name"], data["place"], list(data["agents"]))
            save_desk(budget=self.budget, plan=plan, actor=request.user, desk=self.desk)

        return self.attempt(
            act, form=form, done=gettext("The desk is saved."), to=reverse("desk:index")
        )


class AddDesk(_DeskSettings):
    page_title = _("Add a polling desk")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.budget = budget_or_404(kwargs["budget"])


class EditDesk(_DeskSettings):
    page_title = _("Change the polling desk")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.desk = desk_or_404(kwargs["pk"])
        self.budget = self.desk.budget
