"""Addresses of the personal space, under `/participer/mon-espace/`."""

from django.urls import path

from participation.core.account.views import data, deletion, profile, space

app_name = "space"
urlpatterns = [
    path("", space.dashboard, name="dashboard"),
    path("profil/", profile.profile, name="profile"),
    path("contributions/", space.contributions, name="contributions"),
    path("commentaires/", space.comments, name="comments"),
    path("votes/", space.votes, name="votes"),
    path("suivis/", space.follows, name="follows"),
    path("mes-donnees/", data.data, name="data"),
    path("mes-donnees/preparer/", data.prepare, name="data_prepare"),
    path("mes-donnees/<uuid:key>/", data.download, name="data_download"),
    path("supprimer-mon-compte/", deletion.delete, name="delete"),
    path("compte-supprime/", deletion.deleted, name="deleted"),
]
