"""The timeline on which officers plan, and what they are warned of."""

import datetime

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.agenda.choices import Certainty, Precision
from participation.agenda.models import AgendaItem, ItemMove, ReservedPeriod
from participation.agenda.office.planning import MOST
from participation.agenda.queries.planning import warnings_of_item
from tests.factories.accounts import make_territory, make_user
from tests.factories.agenda import (
    make_agenda,
    make_agenda_officer,
    make_event,
    make_item,
    make_theme,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date
TIMELINE = "agenda_item:timeline"


@pytest.fixture
def office(client):
    client.force_login(make_agenda_officer())
    return client


def item_of(first, last, **fields):
    """An item of the days from `first` to `last`, both included."""
    window = DateRange(first, last + datetime.timedelta(days=1))
    return make_item(**{"window": window, "precision": Precision.DAY, **fields})


def page_of(client, **asked):
    response = client.get(reverse(TIMELINE), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_each_year_shows_what_touches_it(office):
    item_of(DAY(2027, 5, 3), DAY(2027, 5, 9), title="Assises du vélo")
    item_of(DAY(2026, 12, 20), DAY(2027, 1, 5), title="Fêtes solidaires")
    item_of(DAY(2028, 5, 3), DAY(2028, 5, 9), title="Forum des écoles")
    page = page_of(office, annee="2027")
    assert "Assises du vélo" in page
    assert "Fêtes solidaires" in page
    assert "Forum des écoles" not in page
    assert "Forum des écoles" in page_of(office, annee="mandat")


def test_ideas_are_there_and_what_was_dropped_is_not(office):
    item_of(DAY(2027, 5, 3), DAY(2027, 5, 9), title="Une idée", certainty=Certainty.IDEA)
    dropped = {"certainty": Certainty.DROPPED, "drop_reason": "Sans suite"}
    item_of(DAY(2027, 5, 3), DAY(2027, 5, 9), title="Abandonnée", **dropped)
    page = page_of(office, annee="2027")
    assert "Une idée" in page
    assert "Abandonnée" not in page


def test_one_theme_is_shown_alone(office):
    kept = make_theme("Nature")
    item_of(DAY(2027, 5, 3), DAY(2027, 5, 9), title="Arbres", theme=kept)
    item_of(DAY(2027, 5, 3), DAY(2027, 5, 9), title="Écoles")
    page = page_of(office, annee="2027", theme=kept.pk)
    assert "Arbres" in page
    assert "Écoles" not in page


@pytest.mark.parametrize("asked", [{"annee": "1900"}, {"annee": "²"}, {"theme": "x"}])
def test_what_is_asked_wrongly_is_left_aside(office, asked):
    make_item()
    page_of(office, **asked)


def test_what_may_not_move_is_no_handle(office):
    item = item_of(DAY(2027, 5, 3), DAY(2027, 5, 9))
    assert 'data-first="2027-05-03" data-last="2027-05-09"' in page_of(office, annee="2027")
    AgendaItem.objects.filter(pk=item.pk).update(certainty=Certainty.DONE)
    page = page_of(office, annee="2027")
    assert "data-first" not in page
    assert reverse("agenda_item:board", args=[item.pk]) in page


def test_who_gives_the_visa_looks_and_drags_nothing(client):
    item_of(DAY(2027, 5, 3), DAY(2027, 5, 9))
    rights = ("wagtailadmin.access_admin", "agenda.endorse_agenda")
    client.force_login(make_user(is_staff=True, permissions=rights))
    assert "data-first" not in page_of(client, annee="2027")


def test_others_do_not_see_it(client):
    client.force_login(make_user(is_staff=True, permissions=("wagtailadmin.access_admin",)))
    assert client.get(reverse(TIMELINE)).status_code in (302, 403)


def test_too_many_are_said(office):
    theme, agenda = make_theme(), make_agenda()
    now = timezone.now()
    AgendaItem.objects.bulk_create(
        AgendaItem(
            agenda=agenda,
            theme=theme,
            kind="other",
            title=f"Idée {number}",
            window=DateRange(DAY(2027, 5, 3), DAY(2027, 5, 10)),
            precision=Precision.DAY,
            created_at=now,
            updated_at=now,
        )
        for number in range(MOST + 2)
    )
    page = page_of(office, annee="2027")
    assert page.count('class="plan-bar ') == MOST
    assert "Et 2 autres" in page


def test_without_a_mandate_it_says_so(office):
    assert "Aucun mandat" in page_of(office)


def test_the_timeline_asks_as_many_queries_for_one_as_for_three(office):
    ReservedPeriod.objects.create(
        label="Réserve", period=DateRange(DAY(2027, 5, 1), DAY(2027, 6, 1))
    )
    counts = []
    for _ in range(2):
        item_of(DAY(2027, 5, 3), DAY(2027, 5, 9))
        page_of(office, annee="2027")
        with CaptureQueriesContext(connection) as asked:
            page_of(office, annee="2027")
        counts.append(len(asked))
        item_of(DAY(2027, 5, 3), DAY(2027, 5, 9))
    assert counts == [13, 13]


def test_the_form_opens_at_the_dates_chosen_on_the_timeline(office):
    item = item_of(DAY(2027, 5, 3), DAY(2027, 5, 9))
    url = reverse("agenda_item:move", args=[item.pk])
    chosen = {"first": "2027-06-07", "last": "2027-06-13", "precision": "day"}
    page = office.get(url, chosen).content.decode()
    assert 'value="2027-06-07"' in page
    assert "du 7 juin 2027 au 13 juin 2027" in page
    item.refresh_from_db()
    assert item.window.lower == DAY(2027, 5, 3)
    assert office.post(url, {**chosen, "reason": ""}).status_code == 422
    assert office.post(url, {**chosen, "reason": "Salle prise"}).status_code == 302
    assert ItemMove.objects.get().reason == "Salle prise"


@pytest.mark.parametrize(
    "chosen",
    [
        {"first": "9999-06-07", "last": "9999-06-13", "precision": "year"},
        {"first": "2027-06-13", "last": "2027-06-07", "precision": "day"},
        {"first": "x", "last": "", "precision": "day"},
    ],
)
def test_unfit_dates_in_the_address_break_nothing(office, chosen):
    url = reverse("agenda_item:move", args=[make_item().pk])
    assert office.get(url, chosen).status_code == 200
    assert office.post(url, {**chosen, "reason": "x"}).status_code == 422


def test_a_quiet_period_has_no_warning():
    assert warnings_of_item(item_of(DAY(2027, 5, 10), DAY(2027, 5, 12))) == []


def test_the_same_days_in_the_same_territory():
    place, elsewhere = make_territory(), make_territory()
    days = DAY(2027, 5, 10), DAY(2027, 5, 12)
    item = item_of(*days, territory=place)
    item_of(DAY(2027, 5, 12), DAY(2027, 5, 20), territory=place, title="Fête du parc")
    item_of(DAY(2027, 5, 13), DAY(2027, 5, 20), territory=place, title="Le lendemain")
    item_of(*days, territory=elsewhere, title="Ailleurs")
    item_of(*days, territory=place, title="Ce mois-là", precision=Precision.MONTH)
    noon = datetime.datetime(2027, 5, 11, 12, tzinfo=datetime.UTC)
    make_event(starts_at=noon, territory=place, title="Réunion du marché")
    make_event(starts_at=noon, territory=elsewhere, title="Au loin")
    assert warnings_of_item(item) == [
        "Les mêmes jours sur ce territoire\u00a0: «\u00a0Fête du parc\u00a0».",
        "Les mêmes jours sur ce territoire\u00a0: «\u00a0Réunion du marché\u00a0».",
    ]


def test_holidays_are_said_of_known_days_only():
    agenda = make_agenda(school_zone="C")
    days = DAY(2026, 12, 21), DAY(2026, 12, 27)
    found = warnings_of_item(item_of(*days, agenda=agenda))
    assert [sentence.split("\u00a0:")[0] for sentence in found] == [
        "Un jour férié y tombe",
        "7 de ses 7 jours sont dans les vacances scolaires de la zone C.",
    ]
    assert warnings_of_item(item_of(*days, agenda=agenda, precision=Precision.MONTH)) == []


@pytest.mark.parametrize("precision", [Precision.DAY, Precision.YEAR])
def test_a_reserved_period_is_said_however_finely_dates_are_known(office, precision):
    ReservedPeriod.objects.create(
        label="Réserve électorale",
        period=DateRange(DAY(2027, 5, 1), DAY(2027, 6, 1)),
        notice="Pas de promotion.",
    )
    item = item_of(DAY(2027, 5, 11), DAY(2027, 5, 12), precision=precision)
    assert len(warnings_of_item(item)) == 1
    board = office.get(reverse("agenda_item:board", args=[item.pk])).content.decode()
    assert "Pas de promotion." in board
    chosen = {"first": "2027-07-01", "last": "2027-07-02", "precision": "day"}
    move = reverse("agenda_item:move", args=[item.pk])
    assert "Pas de promotion." not in office.get(move, chosen).content.decode()
    assert "Pas de promotion." in office.get(move).content.decode()
