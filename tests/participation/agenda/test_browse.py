"""The public agenda: four views of one set."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.agenda import services
from participation.agenda.choices import Certainty, EventState
from participation.agenda.services import Dates
from tests.factories.agenda import (
    make_agenda,
    make_agenda_officer,
    make_event,
    make_item,
    make_seating,
    make_theme,
)

pytestmark = pytest.mark.django_db
HOME = "/agenda/"
VIEWS = ("", "mois", "liste", "carte")


@pytest.fixture(autouse=True)
def mandate():
    return make_agenda()


def read(client, **params):
    response = client.get(HOME, params)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_says_the_same_number(client, view):
    make_item()
    make_event()
    make_event(state=EventState.DRAFT)
    make_item(certainty=Certainty.IDEA)
    assert "2 dates" in read(client, vue=view)


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_agenda_is_said(client, view):
    assert "Rien n’est encore annoncé." in read(client, vue=view)


def test_filters_narrow_by_theme_words_and_kind(client):
    theme = make_theme("Mobilités", slug="mobilites")
    make_item(title="Plan vélo", theme=theme)
    make_event(title="Réunion publique du marché")
    for params in ({"theme": "mobilites"}, {"q": "velo"}, {"genre": "consultation"}):
        page = read(client, vue="liste", **params)
        assert "Plan vélo" in page
        assert "Réunion publique du marché" not in page


def test_what_is_open_now_is_found(client):
    make_event(title="Sans inscription")
    make_seating(make_event(title="Inscriptions ouvertes"))
    make_event(title="En ce moment", in_hours=-1)
    page = read(client, vue="liste", ouvert="oui")
    assert "Inscriptions ouvertes" in page
    assert "En ce moment" in page
    assert "Sans inscription" not in page


def test_the_list_opens_at_the_page_of_today(client):
    theme = make_theme()
    for number in range(25):
        make_event(title=f"Passée {number}", in_hours=-24 * (number + 2), theme=theme)
    make_event(title="La prochaine", theme=theme)
    assert "La prochaine" in read(client, vue="liste")
    assert "La prochaine" not in read(client, vue="liste", page="1")


def test_a_value_that_means_nothing_is_ignored(client):
    make_event()
    assert "1 date" in read(client, theme="rien", du="hier", vue="plan", m="2026-99")


@pytest.mark.parametrize("view", VIEWS)
def test_the_number_of_queries_does_not_grow(client, view):
    theme = make_theme()
    make_event(theme=theme)
    counts = []
    for _ in range(2):
        read(client, vue=view)
        with CaptureQueriesContext(connection) as asked:
            read(client, vue=view)
        counts.append(len(asked))
        for _ in range(8):
            make_event(theme=theme)
            make_item(theme=theme)
    assert counts[0] == counts[1]
    assert counts[0] <= 15


def test_a_moved_item_shows_its_former_date_and_why(client):
    item = services.move_item(
        item=make_item(title="Plan vélo"),
        dates=Dates(datetime.date(2028, 5, 1), datetime.date(2028, 5, 2), "month"),
        reason="L’étude prend six mois de plus.",
        actor=make_agenda_officer(),
        at=timezone.now(),
    )
    page = client.get(reverse("agenda:item", args=[item.pk])).content.decode()
    assert "Mai 2028" in page
    assert "<s>" in page
    assert "L’étude prend six mois de plus." in page


def test_what_is_not_announced_has_no_page(client):
    item = make_item(certainty=Certainty.VALIDATED)
    assert client.get(reverse("agenda:item", args=[item.pk])).status_code == 404
    event = make_event(state=EventState.DRAFT)
    assert client.get(reverse("agenda:event", args=[event.slug])).status_code == 404


def test_an_event_is_told_to_machines_and_no_text_closes_the_script(client):
    event = make_event(title="</script><b>Réunion</b>", sign_language=True)
    page = client.get(reverse("agenda:event", args=[event.slug])).content.decode()
    assert '"@type": "Event"' in page
    assert "</script><b>" not in page
    assert "Interprète en langue des signes française" in page


def test_a_cancelled_event_says_why(client):
    event = make_event(state=EventState.CANCELLED, closing_reason="Orage annoncé")
    page = client.get(reverse("agenda:event", args=[event.slug])).content.decode()
    assert "Cette rencontre est annulée" in page
    assert "Orage annoncé" in page
    assert "https://schema.org/EventCancelled" in page


def test_an_event_tells_nothing_of_an_item_that_is_not_announced(client):
    item = make_item(title="Projet encore secret", certainty=Certainty.VALIDATED)
    told = make_item(title="Projet annoncé")
    for row, is_said in ((item, False), (told, True)):
        url = reverse("agenda:event", args=[make_event(item=row).slug])
        assert (row.title in client.get(url).content.decode()) is is_said


def test_an_event_page_takes_few_queries(client):
    event = make_event()
    make_seating(event)
    url = reverse("agenda:event", args=[event.slug])
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    assert len(asked) <= 15
