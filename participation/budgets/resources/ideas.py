"""Ideas as a spreadsheet: for the directorates and the meetings of the study."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export import fields

from participation.budgets.models import Idea
from participation.budgets.resources.amounts import euros_cell
from participation.core.resources import ListResource
from participation.core.sheets import HEADINGS

IDEA_HEADINGS = {**HEADINGS, "cout_auteur_euros": _("Author's cost (euros)")}


class IdeaResource(ListResource):
    """Export only. No e-mail address and no civil name leaves with it."""

    numero = fields.Field(column_name="numero")
    etat = fields.Field(column_name="etat")
    visibilite = fields.Field(column_name="visibilite")
    titre = fields.Field(column_name="titre")
    description = fields.Field(column_name="description")
    auteur = fields.Field(column_name="auteur")
    categorie = fields.Field(column_name="categorie")
    quartier = fields.Field(column_name="quartier")
    adresse = fields.Field(column_name="adresse")
    latitude = fields.Field(column_name="latitude")
    longitude = fields.Field(column_name="longitude")
    cout_auteur_euros = fields.Field(column_name="cout_auteur_euros")
    directions = fields.Field(column_name="directions")
    soutiens = fields.Field(column_name="soutiens")
    commentaires = fields.Field(column_name="commentaires")
    deposee_le = fields.Field(column_name="deposee_le")

    class Meta:
        model = Idea
        fields = (
            "numero",
            "etat",
            "visibilite",
            "titre",
            "description",
            "auteur",
            "categorie",
            "quartier",
            "adresse",
            "latitude",
            "longitude",
            "cout_auteur_euros",
            "directions",
            "soutiens",
            "commentaires",
            "deposee_le",
        )

    def dehydrate_numero(self, idea: Idea) -> str:
        return idea.contribution.receipt_number

    def dehydrate_etat(self, idea: Idea) -> str:
        return self.label(idea, "state")

    def dehydrate_visibilite(self, idea: Idea) -> str:
        return self.label(idea.contribution, "visibility")

    def dehydrate_titre(self, idea: Idea) -> str:
        return idea.contribution.title

    def dehydrate_description(self, idea: Idea) -> str:
        return idea.contribution.body

    def dehydrate_auteur(self, idea: Idea) -> str:
        return idea.contribution.author_name

    def dehydrate_categorie(self, idea: Idea) -> str:
        return idea.category.name if idea.category else ""

    def dehydrate_quartier(self, idea: Idea) -> str:
        territory = idea.contribution.territory
        return territory.name if territory else ""

    def dehydrate_adresse(self, idea: Idea) -> str:
        return idea.contribution.address

    def dehydrate_latitude(self, idea: Idea) -> float | str:
        point = idea.contribution.point
        return round(point.y, 6) if point else ""

    def dehydrate_longitude(self, idea: Idea) -> float | str:
        point = idea.contribution.point
        return round(point.x, 6) if point else ""

    def dehydrate_cout_auteur_euros(self, idea: Idea) -> int | float | str:
        return euros_cell(idea.estimated_cost_cents)

    def dehydrate_directions(self, idea: Idea) -> str:
        return ", ".join(study.directorate.name for study in idea.studies.all())

    def dehydrate_soutiens(self, idea: Idea) -> int:
        return idea.contribution.supports_count

    def dehydrate_commentaires(self, idea: Idea) -> int:
        return idea.contribution.comments_count

    def dehydrate_deposee_le(self, idea: Idea) -> datetime.date | str:
        at = idea.contribution.submitted_at
        return timezone.localdate(at) if at else ""
