"""Where somebody who proposed an event finds what became of it."""

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.agenda.choices import EventState, ProposalState
from participation.agenda.services.proposals import (
    ProposalPlan,
    accept_proposal,
    ask_for_changes,
    correct_proposal,
    refuse_proposal,
)
from tests.factories.accounts import make_user
from tests.factories.agenda import make_agenda_officer, make_event, make_event_proposal
from tests.factories.core import make_process
from tests.participation.agenda.test_events import plan_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]

NOW = timezone.now()
QUERIES = 4
PLAN = ProposalPlan(
    organisation="Les Amis du canal", title="Bal", body="Un bal.", wished_dates="En juin"
)


def lines(client: Client) -> list[Any]:
    page = BeautifulSoup(client.get(reverse("space:contributions")).content, "html.parser")
    return page.select("section[aria-labelledby=propositions] li")


def panels(client: Client) -> dict[str, Any]:
    """The lines of one's proposals, by title."""
    return {line.h3.get_text(): line for line in lines(client)}


def words(line: Any) -> str:
    return " ".join(line.get_text(" ").split())


def awaits(client: Client) -> list[str]:
    page = BeautifulSoup(client.get(reverse("space:dashboard")).content, "html.parser")
    return [str(link["href"]) for link in page.select("section[aria-labelledby=waiting] a")]


def test_each_proposal_tells_its_state_and_its_answer(client: Client):
    person, officer = make_user(), make_agenda_officer()
    made = {
        name: make_event_proposal(proposer=person, title=name)
        for name in ("Reçue", "À changer", "Refusée", "Acceptée")
    }
    make_event_proposal(title="D’une autre personne")
    act = {"actor": officer, "at": NOW}
    ask_for_changes(proposal=made["À changer"], answer="Une autre date ?", **act)
    refuse_proposal(proposal=made["Refusée"], answer="Le quai est fermé.", **act)
    accept_proposal(proposal=made["Acceptée"], plan=plan_of(), answer="Avec plaisir.", **act)
    client.force_login(person)
    found = panels(client)
    assert set(found) == set(made)
    for name, said in (
        ("Reçue", "Reçue"),
        ("À changer", "Une autre date"),
        ("Refusée", "Le quai est fermé."),
        ("Acceptée", "Avec plaisir."),
    ):
        assert said in words(found[name]), name
        assert found[name].h3.a["href"] == reverse("agenda:proposal", args=[made[name].pk])
    assert "Les Amis du canal" in words(found["Reçue"])
    assert "Réponse de l" not in words(found["Reçue"])


def test_the_event_is_linked_to_once_it_has_a_page(client: Client):
    person = make_user()
    states = {
        "Brouillon": make_event(state=EventState.DRAFT),
        "Démarche à venir": make_event(process=make_process(published_at=None)),
        "Publiée": make_event(),
        "Annulée": make_event(state=EventState.CANCELLED, closing_reason="Orage"),
    }
    for title, event in states.items():
        make_event_proposal(proposer=person, title=title, state=ProposalState.ACCEPTED, event=event)
    client.force_login(person)
    linked = {
        title: [str(link["href"]) for link in line.select("p a")]
        for title, line in panels(client).items()
    }
    assert linked == {
        "Brouillon": [],
        "Démarche à venir": [],
        "Publiée": [reverse("agenda:event", args=[states["Publiée"].slug])],
        "Annulée": [reverse("agenda:event", args=[states["Annulée"].slug])],
    }
    for links in linked.values():
        assert all(client.get(link).status_code == 200 for link in links)
    # Its own page says the same.
    for title, event in states.items():
        page = client.get(reverse("agenda:proposal", args=[event.proposal.pk])).content.decode()
        assert (reverse("agenda:event", args=[event.slug]) in page) == bool(linked[title]), title


def test_changes_that_are_asked_for_await_their_proposer(client: Client):
    person, officer = make_user(), make_agenda_officer()
    row = make_event_proposal(proposer=person)
    client.force_login(person)
    address = reverse("agenda:proposal", args=[row.pk])
    assert address not in awaits(client)
    ask_for_changes(proposal=row, answer="Une autre date ?", actor=officer, at=NOW)
    assert address in awaits(client)
    later = NOW + datetime.timedelta(hours=1)
    correct_proposal(proposal=row, plan=PLAN, actor=person, at=later)
    assert address not in awaits(client)
    # Sent again, it waits for another answer: the former one is not told any more.
    assert "Une autre date" not in words(panels(client)["Bal"])


def test_who_proposed_nothing_reads_nothing_of_it(client: Client):
    client.force_login(make_user())
    page = client.get(reverse("space:contributions")).content.decode()
    assert "Mes propositions" not in page
    assert "Vous n’avez encore rien" in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_the_space_asks_as_much_for_one_as_for_three(
    client: Client, number: int, django_assert_num_queries: Any
):
    person = make_user()
    for _each in range(number):
        make_event_proposal(proposer=person, state=ProposalState.ACCEPTED, event=make_event())
    client.force_login(person)
    client.get(reverse("space:contributions"))
    with django_assert_num_queries(QUERIES):
        assert len(lines(client)) == number
