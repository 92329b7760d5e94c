"""The planning of the agenda in the back office."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participation.agenda.choices import Certainty
from participation.agenda.models import AgendaItem, ItemMove
from tests.factories.accounts import make_user
from tests.factories.agenda import make_agenda, make_agenda_officer, make_item, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(make_agenda_officer())
    return client


def test_an_officer_notes_an_idea(office):
    theme = make_theme()
    sent = {
        "agenda": make_agenda().pk,
        "title": "Plan vélo",
        "kind": "consultation",
        "theme": theme.pk,
        "first": "2027-05-10",
        "last": "2027-05-10",
        "precision": "month",
    }
    response = office.post(reverse("agenda_item:new"), sent)
    assert response.status_code == 302
    item = AgendaItem.objects.get()
    assert (item.title, item.certainty) == ("Plan vélo", Certainty.IDEA)


def test_reversed_dates_are_said_and_nothing_is_lost(office):
    sent = {
        "agenda": make_agenda().pk,
        "title": "Plan vélo",
        "kind": "consultation",
        "theme": make_theme().pk,
        "first": "2027-05-10",
        "last": "2027-05-01",
        "precision": "day",
    }
    response = office.post(reverse("agenda_item:new"), sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "La fin doit venir après le début." in page
    assert "Plan vélo" in page
    assert not AgendaItem.objects.exists()


def test_from_idea_to_announced_with_two_people(client):
    officer = make_agenda_officer()
    official = make_user(
        is_staff=True,
        permissions=("wagtailadmin.access_admin", "agenda.endorse_agenda"),
    )
    item = make_item(certainty=Certainty.IDEA)
    board = reverse("agenda_item:board", args=[item.pk])
    for user, act in ((officer, "propose"), (official, "validate"), (officer, "announce")):
        client.force_login(user)
        assert f'value="{act}"' in client.get(board).content.decode()
        assert client.post(board, {"act": act}).status_code == 302
    item.refresh_from_db()
    assert (item.certainty, item.endorsed_by) == (Certainty.ANNOUNCED, official)


def test_moving_what_is_announced_asks_for_the_reason(office):
    item = make_item()
    url = reverse("agenda_item:move", args=[item.pk])
    sent = {"first": "2028-05-10", "last": "2028-05-10", "precision": "month", "reason": ""}
    assert office.post(url, sent).status_code == 422
    assert office.post(url, {**sent, "reason": "Étude prolongée"}).status_code == 302
    assert ItemMove.objects.get().reason == "Étude prolongée"
    item.refresh_from_db()
    assert item.window.lower == datetime.date(2028, 5, 1)


def test_the_reason_of_a_move_is_marked_where_it_is_required_and_not_asked_elsewhere(office):
    announced, idea = make_item(), make_item(certainty=Certainty.IDEA)
    sent = {"first": "2028-05-10", "last": "2028-05-10", "precision": "month"}
    address = reverse("agenda_item:move", args=[announced.pk])
    page = office.get(address)
    assert page.context["form"]["reason"].field.required
    assert "Obligatoire, puisque c’est annoncé" in page.content.decode()
    refused = office.post(address, sent)
    assert list(refused.context["form"].errors) == ["reason"]

    address = reverse("agenda_item:move", args=[idea.pk])
    assert list(office.get(address).context["form"].fields) == ["first", "last", "precision"]
    assert office.post(address, sent).status_code == 302
    assert not ItemMove.objects.exists()


def test_dropping_and_changing(office):
    item = make_item()
    assert office.get(reverse("agenda_item:edit", args=[item.pk])).status_code == 200
    drop = reverse("agenda_item:drop", args=[item.pk])
    assert office.post(drop, {"reason": "Repris par la métropole"}).status_code == 302
    item.refresh_from_db()
    assert item.certainty == Certainty.DROPPED


def test_an_unknown_act_is_refused(office):
    item = make_item()
    board = reverse("agenda_item:board", args=[item.pk])
    assert office.post(board, {"act": "burn"}).status_code == 400


def test_the_list_asks_as_many_queries_for_one_as_for_three(office):
    theme = make_theme()
    url = reverse("agenda_item:index")
    counts = []
    for _ in range(2):
        make_item(theme=theme)
        office.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert office.get(url).status_code == 200
        counts.append(len(asked))
        make_item(theme=theme)
    assert counts[0] == counts[1]


def test_others_do_not_enter(client):
    make_item()
    client.force_login(make_user(is_staff=True, permissions=("wagtailadmin.access_admin",)))
    assert client.get(reverse("agenda_item:index")).status_code in (302, 403)
    assert client.get(reverse("agenda_item:new")).status_code in (302, 403)
