"""Deliveries as a spreadsheet."""

import datetime

from django.utils.translation import gettext_lazy as _
from import_export import fields

from participation.budgets.models import Delivery
from participation.budgets.resources.amounts import euros_cell
from participation.core.resources import ListResource
from participation.core.sheets import HEADINGS

DELIVERY_HEADINGS = {
    **HEADINGS,
    "budget": _("Participatory budget"),
    "cout_euros": _("Cost (euros)"),
    "etape": _("Step"),
    "direction": _("Lead directorate"),
    "prevu_le": _("Expected on"),
    "acheve_le": _("Completed on"),
    "motif_abandon": _("Reason of the abandonment"),
}


class DeliveryResource(ListResource):
    """Export only."""

    budget = fields.Field(column_name="budget", attribute="project__envelope__budget__activity")
    numero = fields.Field(column_name="numero", attribute="project__reference")
    titre = fields.Field(column_name="titre", attribute="project__title")
    quartier = fields.Field(column_name="quartier")
    cout_euros = fields.Field(column_name="cout_euros")
    etape = fields.Field(column_name="etape")
    direction = fields.Field(column_name="direction")
    prevu_le = fields.Field(column_name="prevu_le")
    acheve_le = fields.Field(column_name="acheve_le")
    motif_abandon = fields.Field(column_name="motif_abandon", attribute="abandonment_reason")

    class Meta:
        model = Delivery
        fields = (
            "budget",
            "numero",
            "titre",
            "quartier",
            "cout_euros",
            "etape",
            "direction",
            "prevu_le",
            "acheve_le",
            "motif_abandon",
        )

    def dehydrate_budget(self, delivery: Delivery) -> str:
        return delivery.project.envelope.budget.activity.title

    def dehydrate_quartier(self, delivery: Delivery) -> str:
        territory = delivery.project.territory
        return territory.name if territory else delivery.project.district

    def dehydrate_cout_euros(self, delivery: Delivery) -> int | float | str:
        return euros_cell(delivery.project.cost_cents)

    def dehydrate_etape(self, delivery: Delivery) -> str:
        return self.label(delivery, "step")

    def dehydrate_direction(self, delivery: Delivery) -> str:
        return delivery.directorate.name if delivery.directorate else ""

    def dehydrate_prevu_le(self, delivery: Delivery) -> datetime.date | str:
        return delivery.expected_on or ""

    def dehydrate_acheve_le(self, delivery: Delivery) -> datetime.date | str:
        return delivery.completed_on or ""
