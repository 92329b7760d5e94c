"""The board of deliveries, and the page where one advances."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn

from participation.budgets import policies
from participation.budgets.choices import DeliveryStep
from participation.budgets.models import Delivery, Project
from participation.budgets.office.exports import DeliveryExport
from participation.budgets.office.filters import DeliveryFilter
from participation.budgets.office.forms import AdvanceForm, ConfirmForm, PlanForm
from participation.budgets.office.lookups import budget_or_404, delivery_or_404, whole_number
from participation.budgets.office.shared import (
    BudgetScreen,
    Desk,
    EuroColumn,
    Listing,
    Screen,
    budget_trail,
)
from participation.budgets.queries.office import deliveries_by_step
from participation.budgets.services.delivery import (
    advance_delivery,
    plan_delivery,
    start_deliveries,
)
from participation.core.dates import full_day
from participation.core.viewsets.columns import FactsColumn


class DeliveryListing(Listing):
    policy = staticmethod(policies.may_manage_delivery)
    page_title = _("Deliveries")
    template_name = "budgets_admin/deliveries.html"
    filterset_class = DeliveryFilter
    is_searchable = True
    search_fields = ["project__title", "project__reference"]
    export_url_name = "delivery:export"

    def get_base_queryset(self) -> Any:
        return (
            Delivery.objects.select_related(
                "directorate", "project__territory", "project__envelope__budget__activity"
            )
            .defer("project__territory__geometry")
            .order_by("-project__envelope__budget__edition", "project__title", "pk")
        )

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        budget = whole_number(self.request.GET.get("budget", ""))
        chosen = budget_or_404(budget) if budget else None
        asked = self.request.GET.getlist("step")
        scope = f"budget={chosen.pk}&" if chosen else ""
        return super().get_context_data(
            *args,
            steps=[
                {
                    "label": label,
                    "number": number,
                    "url": f"{reverse('delivery:index')}?{scope}step={value}",
                    "current": asked == [value],
                }
                for value, label, number in deliveries_by_step(budget=chosen)
            ],
            **kwargs,
        )

    @cached_property
    def columns(self) -> list[Any]:
        return [
            FactsColumn(
                "title",
                width="40%",
                label=_("Project"),
                facts=lambda delivery: (delivery.project.territory or delivery.project.district,),
                accessor="project.title",
                get_url=lambda delivery: reverse("delivery:read", args=[delivery.pk]),
                sort_key="project__title",
            ),
            Column(
                "budget",
                label=_("Edition"),
                accessor=lambda delivery: str(delivery.project.envelope.budget.edition),
            ),
            EuroColumn("cost", label=_("Cost"), accessor="project.cost_cents"),
            StatusTagColumn(
                "step",
                label=_("Step"),
                accessor="get_step_display",
                primary=lambda delivery: delivery.step == DeliveryStep.COMPLETED,
                sort_key="step",
            ),
            Column(
                "directorate",
                label=_("Lead directorate"),
                accessor=lambda delivery: delivery.directorate or "–",
            ),
            Column(
                "expected_on",
                label=_("Expected on"),
                accessor=lambda delivery: full_day(delivery.expected_on) or "–",
                sort_key="expected_on",
            ),
        ]


class ReadDelivery(Screen):
    """One delivery: where it stands, its news, and the two forms."""

    policy = staticmethod(policies.may_manage_delivery)
    template_name = "budgets_admin/delivery.html"
    header_icon = "history"
    http_method_names = ["get", "head"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.delivery = delivery_or_404(kwargs["pk"])
        self.budget = self.delivery.project.envelope.budget

    def get_page_title(self) -> str:
        return self.delivery.project.title

    def trail(self) -> list[tuple[str, str]]:
        address = f"{reverse('delivery:index')}?budget={self.budget.pk}"
        return [*budget_trail(self.budget), (address, gettext("Deliveries"))]

    @property
    def here(self) -> str:
        return reverse("delivery:read", args=[self.delivery.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        delivery = self.delivery
        kwargs.setdefault(
            "form",
            AdvanceForm(initial={"step": delivery.step, "happened_on": timezone.localdate()}),
        )
        kwargs.setdefault(
            "plan_form",
            PlanForm(
                initial={
                    "directorate": delivery.directorate_id,
                    "expected_on": delivery.expected_on,
                },
                auto_id="id_plan_%s",
            ),
        )
        return super().get_context_data(
            delivery=delivery,
            project=delivery.project,
            budget=self.budget,
            updates=list(delivery.updates.select_related("created_by")),
            public_url=reverse(
                "budgets:delivery", args=[self.budget.activity.slug, delivery.project_id]
            ),
            **kwargs,
        )


class AdvanceDelivery(ReadDelivery):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AdvanceForm(request.POST, request.FILES)
        return self.attempt(
            lambda: advance_delivery(
                delivery=self.delivery,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            ),
            form=form,
            done=gettext("The news is published. Authors and followers are told."),
            to=self.here,
        )


class PlanDelivery(ReadDelivery):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PlanForm(request.POST, auto_id="id_plan_%s")
        return self.attempt(
            lambda: plan_delivery(
                delivery=self.delivery,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            ),
            form=form,
            name="plan_form",
            done=gettext("The plan of the delivery is saved."),
            to=self.here,
        )


class StartDeliveries(BudgetScreen):
    """Open the follow-up of the winners of one budget."""

    policy = staticmethod(policies.may_manage_delivery)
    page_title = _("Start the deliveries")
    template_name = "budgets_admin/start.html"
    header_icon = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ConfirmForm())
        return super().get_context_data(
            budget=self.budget,
            winners=list(
                Project.objects.winners()
                .filter(envelope__budget=self.budget, delivery=None)
                .order_by("envelope", "rank")
            ),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.attempt(
            lambda: start_deliveries(budget=self.budget, actor=request.user, at=timezone.now()),
            form=ConfirmForm(request.POST),
            done=gettext("The follow-up of the selected projects is open."),
            to=f"{reverse('delivery:index')}?budget={self.budget.pk}",
        )


class DeliveryDesk(Desk):
    name = "delivery"
    url_prefix = "budget/realisations"
    model = Delivery
    icon = "history"
    menu_label = _("Deliveries")
    listing = DeliveryListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("export/", DeliveryExport, "export"),
            ("ouvrir/<int:budget>/", StartDeliveries, "start"),
            ("<int:pk>/", ReadDelivery, "read"),
            ("<int:pk>/avancer/", AdvanceDelivery, "advance"),
            ("<int:pk>/prevoir/", PlanDelivery, "plan"),
        ]
