"""Addresses of the entrance of votes."""

from django.urls import path

from participation.electors.views import entry, franceconnect, letter, phone, statement

app_name = "electors"
urlpatterns = [
    path("franceconnect/retour/", franceconnect.back, name="franceconnect_back"),
    path("franceconnect/sortie/", franceconnect.left, name="franceconnect_left"),
    path("<slug:slug>/", entry.entry, name="entry"),
    path("<slug:slug>/code/", letter.code, name="code"),
    path("<slug:slug>/telephone/", phone.phone, name="phone"),
    path("<slug:slug>/telephone/code/", phone.phone_code, name="phone_code"),
    path("<slug:slug>/identite/", statement.statement, name="statement"),
    path("<slug:slug>/arrivee/", statement.arrival, name="arrival"),
    path("<slug:slug>/en-attente/", statement.waiting, name="waiting"),
    path("<slug:slug>/franceconnect/", franceconnect.start, name="franceconnect"),
    path("<slug:slug>/terminer/", entry.finish, name="finish"),
]
