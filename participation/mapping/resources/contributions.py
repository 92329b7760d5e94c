"""Contributions as a spreadsheet, for the administration: one column per question asked."""

import datetime
from typing import Any

import tablib
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from import_export import fields
from import_export.widgets import NumberWidget

from participation.core.resources import ListResource
from participation.core.sheets import HEADINGS
from participation.mapping.models import MapContribution, QuestionAnswer

COLUMNS = (
    "numero",
    "carte",
    "categorie",
    "titre",
    "description",
    "auteur",
    "quartier",
    "adresse",
    "latitude",
    "longitude",
    "etat",
    "visibilite",
    "jointe_a",
    "directions",
    "soutiens",
    "commentaires",
    "deposee_le",
    "origine",
)
CONTRIBUTION_HEADINGS = {
    **HEADINGS,
    "categorie": pgettext_lazy("participatory map", "Category"),
    "carte": pgettext_lazy("participatory map", "Map"),
    "jointe_a": _("Joined to"),
    "origine": _("Where it comes from"),
}


class ContributionResource(ListResource):
    """Export only. No e-mail address and no civil name leaves with it."""

    numero = fields.Field(column_name="numero")
    carte = fields.Field(column_name="carte", attribute="map__activity__title")
    categorie = fields.Field(column_name="categorie", attribute="category__name")
    titre = fields.Field(column_name="titre", attribute="contribution__title")
    description = fields.Field(column_name="description", attribute="contribution__body")
    auteur = fields.Field(column_name="auteur")
    quartier = fields.Field(column_name="quartier")
    adresse = fields.Field(column_name="adresse", attribute="contribution__address")
    latitude = fields.Field(column_name="latitude")
    longitude = fields.Field(column_name="longitude")
    etat = fields.Field(column_name="etat")
    visibilite = fields.Field(column_name="visibilite")
    jointe_a = fields.Field(column_name="jointe_a")
    directions = fields.Field(column_name="directions")
    soutiens = fields.Field(
        column_name="soutiens",
        attribute="contribution__supports_count",
        widget=NumberWidget(coerce_to_string=False),
    )
    commentaires = fields.Field(column_name="commentaires")
    deposee_le = fields.Field(column_name="deposee_le")
    origine = fields.Field(column_name="origine")

    class Meta:
        model = MapContribution
        fields = COLUMNS
        export_order = COLUMNS

    def export(self, queryset: Any = None, **kwargs: Any) -> tablib.Dataset:
        """The contributions, then what each answers to every question of its category."""
        rows = list(queryset.prefetch_related("question_answers__question"))
        dataset: tablib.Dataset = super().export(rows, **kwargs)
        asked: dict[int, str] = {}
        replies: list[dict[int, Any]] = []
        for row in rows:
            given = {each.question_id: each for each in row.question_answers.all()}
            asked.update({key: each.question.label for key, each in given.items()})
            replies.append(given)
        for key in sorted(asked):
            dataset.append_col(
                [answer_text(given.get(key)) for given in replies], header=asked[key]
            )
        return dataset

    def dehydrate_numero(self, row: MapContribution) -> str:
        return row.contribution.receipt_number

    def dehydrate_auteur(self, row: MapContribution) -> str:
        return row.contribution.author_name

    def dehydrate_quartier(self, row: MapContribution) -> str:
        territory = row.contribution.territory
        return territory.name if territory else ""

    def dehydrate_latitude(self, row: MapContribution) -> float | str:
        point = row.contribution.point
        return round(point.y, 6) if point else ""

    def dehydrate_longitude(self, row: MapContribution) -> float | str:
        point = row.contribution.point
        return round(point.x, 6) if point else ""

    def dehydrate_etat(self, row: MapContribution) -> str:
        return self.label(row, "state")

    def dehydrate_visibilite(self, row: MapContribution) -> str:
        return self.label(row.contribution, "visibility")

    def dehydrate_jointe_a(self, row: MapContribution) -> str:
        return row.merged_into.contribution.receipt_number if row.merged_into else ""

    def dehydrate_directions(self, row: MapContribution) -> str:
        return ", ".join(each.name for each in row.directorates.all())

    def dehydrate_commentaires(self, row: MapContribution) -> int:
        return row.contribution.comments_count

    def dehydrate_deposee_le(self, row: MapContribution) -> datetime.date | str:
        at = row.contribution.submitted_at
        return timezone.localdate(at) if at else ""

    def dehydrate_origine(self, row: MapContribution) -> str:
        return self.label(row.contribution, "source")


def answer_text(answer: QuestionAnswer | None) -> Any:
    """A cell: the text, the number, the choices, or that there is a photo."""
    if answer is None:
        return ""
    if answer.number is not None:
        number = float(answer.number)
        return int(number) if number.is_integer() else number
    if answer.photo_id:
        return answer.photo.title if answer.photo else ""
    return answer.text or ", ".join(answer.chosen)
