"""Addresses of the citizen agenda."""

from django.urls import URLPattern, path

from participation.agenda.views import (
    browse,
    document,
    door,
    event,
    item,
    live,
    proposals,
    registration,
    satisfaction,
)
from participation.agenda.views.feeds import news, private, public

app_name = "agenda"


def _feeds(kind: str) -> list[URLPattern]:
    """The same selections as calendars (`ics`) and for programs (`json`)."""
    kinds = {"kind": kind}
    return [
        path(f"agenda.{kind}", public.agenda, kinds, name=f"feed_{kind}"),
        path(f"themes/<slug:slug>.{kind}", public.theme, kinds, name=f"feed_theme_{kind}"),
        path(
            f"territoires/<int:pk>.{kind}", public.territory, kinds, name=f"feed_territory_{kind}"
        ),
        path(f"demarches/<slug:slug>.{kind}", public.process, kinds, name=f"feed_process_{kind}"),
        path(f"conseils/<slug:slug>.{kind}", public.council, kinds, name=f"feed_council_{kind}"),
    ]


urlpatterns = [
    path("", browse.home, name="home"),
    path("lieux.geojson", browse.points, name="points"),
    path("annonces/<int:pk>/", item.item, name="item"),
    path("demarches/<int:pk>/", browse.process, name="process"),
    path("avis/<str:token>/", satisfaction.satisfaction, name="satisfaction"),
    path("proposer/", proposals.propose, name="propose"),
    path("proposer/<int:pk>/", proposals.proposal, name="proposal"),
    path("documents/<int:pk>/", document.document, name="document"),
    path("rencontres/<slug:slug>/", event.event, name="event"),
    path("rencontres/<slug:slug>/inscription/", registration.register, name="register"),
    path(
        "rencontres/<slug:slug>/inscription/message/",
        registration.sent,
        name="registration_sent",
    ),
    path(
        "rencontres/<slug:slug>/inscription/<str:token>/",
        registration.ticket,
        name="registration",
    ),
    path("accueil/", door.doors, name="doors"),
    path("accueil/service-worker.js", door.worker, name="door_worker"),
    path("accueil/<int:pk>/", door.door, name="door"),
    path("accueil/<int:pk>/etat.json", door.state, name="door_state"),
    path("accueil/<int:pk>/noter/", door.note, name="door_note"),
    path("accueil/<int:pk>/compte/", door.count, name="door_count"),
    path("accueil/<int:pk>/emargement.pdf", door.sheet, name="door_sheet"),
    path("rencontres/<slug:slug>/questions/", live.question, name="question"),
    path("rencontres/<slug:slug>/questions/merci/", live.question_sent, name="question_sent"),
    path("rencontres/<slug:slug>/questions/ecran/", live.screen, name="question_screen"),
    *_feeds("ics"),
    *_feeds("json"),
    path("flux.atom", news.AgendaNews(), name="feed_atom"),
    path("themes/<slug:slug>.atom", news.AgendaNews(), name="feed_theme_atom"),
    path("rencontres/<slug:slug>.ics", public.event, name="event_ics"),
    path("suivi/<str:secret>.ics", private.followed, name="feed_private"),
    path("mon-agenda/", private.mine, name="my_feed"),
    path("mon-agenda/creer/", private.make, name="make_feed"),
    path("mon-agenda/revoquer/", private.revoke, name="revoke_feed"),
]
