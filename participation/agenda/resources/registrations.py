"""Registrations as a spreadsheet, for those who organise: one column per question asked."""

from typing import Any

import tablib
from django.utils.timezone import localtime
from import_export import fields, resources

from participation.agenda.models import Registration

COLUMNS = (
    "numero",
    "nom",
    "courriel",
    "places",
    "etat",
    "place_gardee",
    "mineur",
    "adulte_responsable",
    "besoins",
    "demandee_le",
    "dans_la_liste_depuis",
    "arrivee_le",
    "personnes_venues",
)


class RegistrationResource(resources.ModelResource):
    """Export only; times are those of the clocks of the event."""

    numero = fields.Field(column_name="numero", attribute="pk")
    nom = fields.Field(column_name="nom", attribute="name")
    courriel = fields.Field(column_name="courriel", attribute="email")
    places = fields.Field(column_name="places", attribute="seats")
    etat = fields.Field(column_name="etat")
    place_gardee = fields.Field(column_name="place_gardee")
    mineur = fields.Field(column_name="mineur")
    adulte_responsable = fields.Field(column_name="adulte_responsable", attribute="guardian")
    besoins = fields.Field(column_name="besoins", attribute="needs")
    demandee_le = fields.Field(column_name="demandee_le")
    dans_la_liste_depuis = fields.Field(column_name="dans_la_liste_depuis")
    arrivee_le = fields.Field(column_name="arrivee_le")
    personnes_venues = fields.Field(column_name="personnes_venues", attribute="arrived")

    class Meta:
        model = Registration
        fields = COLUMNS
        export_order = COLUMNS

    def export(self, queryset: Any = None, **kwargs: Any) -> tablib.Dataset:
        """The registrations, then what each answered to every question of the event."""
        rows = queryset.select_related("event").prefetch_related("answers__question")
        dataset: tablib.Dataset = super().export(rows, **kwargs)
        asked: dict[int, str] = {}
        replies: list[dict[int, str]] = []
        for row in rows:
            given = {each.question_id: each for each in row.answers.all()}
            asked.update({key: each.question.label for key, each in given.items()})
            replies.append({key: each.words for key, each in given.items()})
        for key in sorted(asked):
            dataset.append_col([reply.get(key, "") for reply in replies], header=asked[key])
        return dataset

    def dehydrate_etat(self, row: Registration) -> str:
        return str(row.get_state_display())

    def dehydrate_place_gardee(self, row: Registration) -> str:
        return _yes(row.on_reserved_seat)

    def dehydrate_mineur(self, row: Registration) -> str:
        return _yes(row.is_minor)

    def dehydrate_demandee_le(self, row: Registration) -> str:
        return _moment(row, row.created_at)

    def dehydrate_dans_la_liste_depuis(self, row: Registration) -> str:
        return _moment(row, row.queued_at)

    def dehydrate_arrivee_le(self, row: Registration) -> str:
        return _moment(row, row.arrived_at)


def _yes(value: bool) -> str:
    return "oui" if value else "non"


def _moment(row: Registration, value: Any) -> str:
    return f"{localtime(value, row.event.zone):%d/%m/%Y %H:%M}" if value else ""
