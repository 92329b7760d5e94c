"""Registrations as a spreadsheet, for those who organise: one column per question asked."""

import datetime
from typing import Any

import tablib
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources
from import_export.widgets import NumberWidget

from participation.agenda.models import Registration
from participation.core.sheets import HEADINGS

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
REGISTRATION_HEADINGS = {
    "numero": HEADINGS["numero"],
    "nom": _("Name"),
    "courriel": _("E-mail address"),
    "places": _("Seats"),
    "etat": HEADINGS["etat"],
    "place_gardee": _("On a kept seat"),
    "mineur": _("Minor"),
    "adulte_responsable": _("Adult in charge"),
    "besoins": _("Accessibility needs"),
    "demandee_le": _("Asked on"),
    "dans_la_liste_depuis": _("On the list since"),
    "arrivee_le": _("Arrived"),
    "personnes_venues": _("People who came"),
}


_NUMBER = NumberWidget(coerce_to_string=False)
"""A number that a spreadsheet adds up."""


class RegistrationResource(resources.ModelResource):
    """Export only; times are those of the clocks of the event."""

    numero = fields.Field(column_name="numero", attribute="pk", widget=_NUMBER)
    nom = fields.Field(column_name="nom", attribute="name")
    courriel = fields.Field(column_name="courriel", attribute="email")
    places = fields.Field(column_name="places", attribute="seats", widget=_NUMBER)
    etat = fields.Field(column_name="etat")
    place_gardee = fields.Field(column_name="place_gardee")
    mineur = fields.Field(column_name="mineur")
    adulte_responsable = fields.Field(column_name="adulte_responsable", attribute="guardian")
    besoins = fields.Field(column_name="besoins", attribute="needs")
    demandee_le = fields.Field(column_name="demandee_le")
    dans_la_liste_depuis = fields.Field(column_name="dans_la_liste_depuis")
    arrivee_le = fields.Field(column_name="arrivee_le")
    personnes_venues = fields.Field(
        column_name="personnes_venues", attribute="arrived", widget=_NUMBER
    )

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

    def dehydrate_demandee_le(self, row: Registration) -> datetime.datetime | str:
        return _moment(row, row.created_at)

    def dehydrate_dans_la_liste_depuis(self, row: Registration) -> datetime.datetime | str:
        return _moment(row, row.queued_at)

    def dehydrate_arrivee_le(self, row: Registration) -> datetime.datetime | str:
        return _moment(row, row.arrived_at)


def _yes(value: bool) -> str:
    return "oui" if value else "non"


def _moment(row: Registration, value: Any) -> datetime.datetime | str:
    if not value:
        return ""
    return localtime(value, row.event.zone).replace(tzinfo=None, second=0, microsecond=0)
