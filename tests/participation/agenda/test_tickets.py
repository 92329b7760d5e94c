"""Where a person with an account finds the registrations they made."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from participation.agenda.choices import RegistrationState
from participation.agenda.models import Event, Registration
from participation.agenda.queries.registrations import tickets_of
from tests.factories.accounts import make_user
from tests.factories.agenda import make_event, make_registration, make_seating

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]
SPACE = "/participer/mon-espace/"


def registered(user: Any, title: str, *, in_hours: int = 48, **fields: Any) -> Registration:
    event = make_event(title=title, in_hours=in_hours)
    make_seating(event)
    return make_registration(event, user=user, **fields)


def waiting(client: Client) -> list[Any]:
    page = BeautifulSoup(client.get(SPACE).content, "html.parser")
    return page.select("ul.waiting a")


def ticket_on_page(client: Client, event: Event) -> str:
    page = BeautifulSoup(client.get(f"/agenda/rencontres/{event.slug}/").content, "html.parser")
    found = [link for link in page.select("a.button") if "Mon inscription" in link.get_text()]
    return str(found[0]["href"]) if found else ""


def test_ones_space_leads_to_ones_tickets_to_come(client: Client):
    person, other = make_user(), make_user()
    registered(person, "La plus tardive", in_hours=90)
    row = registered(person, "La prochaine")
    registered(person, "Attendue", in_hours=60, state=RegistrationState.WAITING)
    registered(person, "Annulée", state=RegistrationState.CANCELLED)
    registered(person, "Passée", in_hours=-48)
    registered(other, "D’une autre personne")
    client.force_login(person)
    found = waiting(client)
    titles = [link.get_text().split("\u00a0: ")[1].split(",")[0] for link in found]
    assert titles == ["La prochaine", "Attendue", "La plus tardive"]
    ticket = client.get(found[0]["href"]).content.decode()
    assert str(row.ticket) in ticket
    assert "<svg" in ticket


def test_the_page_of_an_event_leads_to_ones_ticket(client: Client):
    person = make_user()
    event = registered(person, "Réunion").event
    assert ticket_on_page(client, event) == ""
    client.force_login(make_user())
    assert ticket_on_page(client, event) == ""
    client.force_login(person)
    address = ticket_on_page(client, event)
    assert client.get(address).status_code == 200
    Registration.objects.update(state=RegistrationState.CANCELLED)
    assert ticket_on_page(client, event) == ""


@pytest.mark.parametrize("number", [1, 3])
def test_tickets_cost_one_query(client: Client, django_assert_num_queries: Any, number: int):
    person = make_user()
    for place in range(number):
        registered(person, f"Réunion {place}")
    with django_assert_num_queries(1):
        assert len(tickets_of(user=person, at=timezone.now())) == number
