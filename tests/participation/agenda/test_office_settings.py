"""Mandates, themes and reserved periods in the back office."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from participation.agenda.models import CitizenAgenda, ProcessTheme, ReservedPeriod, Theme
from tests.factories.accounts import make_user
from tests.factories.agenda import make_theme
from tests.factories.core import make_process

pytestmark = pytest.mark.django_db
PERMISSIONS = (
    "wagtailadmin.access_admin",
    *(
        f"agenda.{act}_{model}"
        for act in ("add", "change", "view")
        for model in ("theme", "citizenagenda", "reservedperiod", "processtheme")
    ),
)


@pytest.fixture
def office(client):
    client.force_login(make_user(is_staff=True, permissions=PERMISSIONS))
    return client


def test_an_officer_makes_a_theme(office):
    sent = {"name": "Mobilités", "slug": "mobilites", "icon": "bike", "tone": "3", "position": "1"}
    assert office.post(reverse("agenda_themes:add"), sent).status_code == 302
    assert Theme.objects.get().name == "Mobilités"


def test_an_officer_makes_a_mandate_and_overlapping_ones_are_refused(office):
    sent = {
        "title": "Mandat 2026–2032",
        "mandate_0": "2026-03-22",
        "mandate_1": "2032-03-22",
        "timezone": "Europe/Paris",
        "school_zone": "C",
    }
    url = reverse("agenda_mandates:add")
    assert office.post(url, sent).status_code == 302
    assert CitizenAgenda.objects.get().mandate.lower == datetime.date(2026, 3, 22)
    response = office.post(url, {**sent, "mandate_0": "2030-01-01", "mandate_1": "2034-01-01"})
    assert response.status_code == 200
    assert "Deux mandats ne peuvent pas se chevaucher." in response.content.decode()


def test_an_officer_notes_a_reserved_period(office):
    sent = {"label": "Réserve", "period_0": "2031-09-01", "period_1": "2032-03-22", "notice": ""}
    assert office.post(reverse("agenda_reserved_periods:add"), sent).status_code == 302
    assert ReservedPeriod.objects.get().label == "Réserve"


def test_a_theme_is_not_deleted_from_there(office):
    theme = make_theme()
    assert office.get(f"/gestion/agenda/themes/delete/{theme.pk}/").status_code == 404


def test_others_see_no_settings(client):
    client.force_login(make_user(is_staff=True, permissions=("wagtailadmin.access_admin",)))
    assert client.get(reverse("agenda_mandates:index")).status_code in (302, 403)


def test_the_themes_of_processes_are_named_in_french(office):
    row = ProcessTheme.objects.create(process=make_process(), theme=make_theme())
    listed = BeautifulSoup(
        office.get(reverse("agenda_process_themes:index")).content, "html.parser"
    )
    heads = [" ".join(head.get_text().split()) for head in listed.select("th")]
    assert heads == ["Démarche", "Thème"]
    address = reverse("agenda_process_themes:edit", args=[row.pk])
    assert listed.select_one(f'td.title a[href="{address}"]') is not None
    edited = BeautifulSoup(office.get(address).content, "html.parser")
    assert {label["for"] for label in edited.select("label[for^=id_]")} >= {
        "id_process",
        "id_theme",
    }
    assert "Process" not in edited.select_one("main").get_text()
