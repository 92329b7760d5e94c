"""Addresses of participatory budgets."""

from django.urls import path

from participation.budgets.views import (
    deliveries,
    home,
    idea,
    ideas,
    journal,
    kiosk,
    projects,
    publication,
    results,
    submission,
    vote,
)

app_name = "budgets"

urlpatterns = [
    path("borne/accueil/", kiosk.kiosk, name="kiosk"),
    path("borne/fin/", kiosk.kiosk_end, name="kiosk_end"),
    path("borne/quitter/", kiosk.kiosk_leave, name="kiosk_leave"),
    path("<slug:slug>/", home.home, name="home"),
    path("<slug:slug>/regles/", home.rules, name="rules"),
    path("<slug:slug>/idees/", ideas.idea_list, name="ideas"),
    path("<slug:slug>/idees.geojson", ideas.idea_features, name="ideas_geojson"),
    path("<slug:slug>/idees/proposer/", submission.idea_new, name="idea_new"),
    path("<slug:slug>/idees/similaires/", submission.idea_similar, name="idea_similar"),
    path("<slug:slug>/idees/<int:pk>/", idea.idea_detail, name="idea"),
    path("<slug:slug>/idees/<int:pk>/modifier/", submission.idea_edit, name="idea_edit"),
    path("<slug:slug>/idees/<int:pk>/retirer/", submission.idea_withdraw, name="idea_withdraw"),
    path("<slug:slug>/idees/<int:pk>/recepisse/", submission.idea_receipt, name="idea_receipt"),
    path("<slug:slug>/projets/", projects.project_list, name="projects"),
    path("<slug:slug>/projets.geojson", projects.project_features, name="projects_geojson"),
    path("<slug:slug>/projets/<int:pk>/", projects.project_detail, name="project"),
    path("<slug:slug>/vote/", vote.vote_home, name="vote"),
    path("<slug:slug>/vote/protection/", publication.protection, name="protection"),
    path("<slug:slug>/vote/<slug:envelope_slug>/", vote.ballot, name="ballot"),
    path(
        "<slug:slug>/vote/<slug:envelope_slug>/relecture/",
        vote.ballot_review,
        name="ballot_review",
    ),
    path(
        "<slug:slug>/vote/<slug:envelope_slug>/depot/",
        vote.ballot_deposit,
        name="ballot_deposit",
    ),
    path(
        "<slug:slug>/vote/<slug:envelope_slug>/recepisse/",
        vote.ballot_receipt,
        name="ballot_receipt",
    ),
    path("<slug:slug>/vote/<slug:envelope_slug>/journal/", journal.journal, name="journal"),
    path(
        "<slug:slug>/vote/<slug:envelope_slug>/journal.csv",
        journal.journal_csv,
        name="journal_csv",
    ),
    path(
        "<slug:slug>/vote/<slug:envelope_slug>/pv-<slug:kind>.pdf",
        journal.minutes,
        name="minutes",
    ),
    path("<slug:slug>/resultats/", results.results, name="results"),
    path("<slug:slug>/resultats.csv", results.results_csv, name="results_csv"),
    path("<slug:slug>/resultats/<slug:envelope_slug>.pb", results.results_pb, name="results_pb"),
    path(
        "<slug:slug>/resultats/<slug:envelope_slug>/publication/",
        publication.publication,
        name="publication",
    ),
    path(
        "<slug:slug>/resultats/<slug:envelope_slug>/publication/premier-compte/",
        publication.publication,
        {"former": True},
        name="publication_former",
    ),
    path(
        "<slug:slug>/resultats/<slug:envelope_slug>/publication/premier-compte/<str:name>",
        publication.publication_file,
        {"former": True},
        name="publication_former_file",
    ),
    path(
        "<slug:slug>/resultats/<slug:envelope_slug>/publication/<str:name>",
        publication.publication_file,
        name="publication_file",
    ),
    path("<slug:slug>/realisations/", deliveries.delivery_list, name="deliveries"),
    path(
        "<slug:slug>/realisations.geojson",
        deliveries.delivery_features,
        name="deliveries_geojson",
    ),
    path("<slug:slug>/realisations/<int:pk>/", deliveries.delivery_detail, name="delivery"),
]
