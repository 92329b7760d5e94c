"""Addresses of the citizen agenda."""

from django.urls import path

from participation.agenda.views import browse, event, item, live, satisfaction

app_name = "agenda"

urlpatterns = [
    path("", browse.home, name="home"),
    path("annonces/<int:pk>/", item.item, name="item"),
    path("demarches/<int:pk>/", browse.process, name="process"),
    path("avis/<str:token>/", satisfaction.satisfaction, name="satisfaction"),
    path("rencontres/<slug:slug>/", event.event, name="event"),
    path("rencontres/<slug:slug>/questions/", live.question, name="question"),
    path("rencontres/<slug:slug>/questions/merci/", live.question_sent, name="question_sent"),
    path("rencontres/<slug:slug>/questions/ecran/", live.screen, name="question_screen"),
]
