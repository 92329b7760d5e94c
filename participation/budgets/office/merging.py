"""Make a project of one or several ideas."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from participation.budgets import policies
from participation.budgets.models import Budget, Envelope, Idea
from participation.budgets.office.forms import MergeForm, unsealed_envelopes
from participation.budgets.office.lookups import budget_or_404, whole_number
from participation.budgets.office.shared import Screen, add_refusals, budget_trail
from participation.budgets.queries import similar_ideas
from participation.budgets.services.study import merge_ideas
from participation.core.choices import Visibility
from participation.core.verdict import Refused


class MergeIdeas(Screen):
    """`?idee=1&idee=2…`: these ideas, and others that look like them, into one project."""

    policy = staticmethod(policies.may_study)
    page_title = _("Make a project")
    header_icon = "group"
    template_name = "budgets_admin/merge.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        source = request.POST if request.method == "POST" else request.GET
        keys = source.getlist("idee")
        numbers = {whole_number(key) for key in keys}
        if None in numbers:
            raise BadRequest
        self.ideas = list(
            Idea.objects.filter(pk__in=numbers)
            .exclude(contribution__visibility=Visibility.DRAFT)
            .select_related("contribution__author", "contribution__territory", "category")
            .order_by("pk")
        )
        if not self.ideas or len(self.ideas) != len(numbers):
            raise Http404
        self.budget = budget_or_404(self.ideas[0].budget_id)

    def trail(self) -> list[tuple[str, str]]:
        return [
            *budget_trail(self.budget),
            (f"{reverse('idea:index')}?budget={self.budget.pk}", gettext("Ideas")),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        chosen = {idea.pk for idea in self.ideas}
        alike = [
            idea
            for idea in similar_ideas(
                budget=self.budget, text=self.ideas[0].contribution.title, limit=10
            )
            if idea.pk not in chosen and idea.state in policies.MERGEABLE
        ]
        return super().get_context_data(budget=self.budget, ideas=self.ideas, alike=alike, **kwargs)

    def _form(self, data: Any = None) -> MergeForm:
        first = self.ideas[0]
        place = first.contribution
        costs = [
            decision.cost_cents
            for idea in self.ideas
            for decision in idea.decisions.all()[:1]
            if decision.cost_cents
        ]
        return MergeForm(
            data,
            budget=self.budget,
            initial={
                "envelope": _likely_envelope(self.budget, place.territory_id),
                "title": place.title,
                "description": place.body,
                "cost_cents": max(costs, default=first.estimated_cost_cents),
                "category": first.category_id,
                "territory": place.territory_id,
                "address": place.address,
                "latitude": round(place.point.y, 6) if place.point else None,
                "longitude": round(place.point.x, 6) if place.point else None,
            },
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        data = form.cleaned_data
        try:
            project = merge_ideas(
                ideas=self.ideas,
                envelope=data["envelope"],
                title=data["title"],
                description=data["description"],
                cost_cents=data["cost_cents"],
                category=data["category"],
                territory=data["territory"],
                point=data["point"],
                address=data["address"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(form=form)
        messages.success(
            request,
            gettext("The project “%(title)s” is made. The authors of its ideas are told.")
            % {"title": project.title},
        )
        return HttpResponseRedirect(reverse("project:edit", args=[project.pk]))


def _likely_envelope(budget: Budget, territory: int | None) -> Envelope | None:
    """The only envelope, or that of the idea's neighbourhood."""
    envelopes = list(unsealed_envelopes(budget))
    own = [each for each in envelopes if territory and each.territory_id == territory]
    found = own or envelopes
    return found[0] if len(found) == 1 else None
