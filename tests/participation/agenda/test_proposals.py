"""Events proposed by organisations, and what is answered."""

import datetime
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.agenda.models import Event, EventProposal
from participation.agenda.services.proposals import (
    MAX_WAITING,
    ProposalPlan,
    accept_proposal,
    ask_for_changes,
    correct_proposal,
    propose_event,
    refuse_proposal,
)
from participation.core.models import Notification
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.agenda import make_agenda_officer, make_theme
from tests.participation.agenda.test_events import plan_of

pytestmark = pytest.mark.django_db

PLAN = ProposalPlan(
    organisation="Les Amis du canal",
    title="Fête du canal",
    body="Une promenade et un repas.",
    wished_dates="Un samedi de mai",
)


@pytest.fixture
def officer():
    return make_agenda_officer()


@pytest.fixture
def member():
    return make_user()


def proposed(member, **fields) -> EventProposal:
    fields.setdefault("submission_key", uuid.uuid4())
    return propose_event(plan=PLAN, actor=member, at=timezone.now(), **fields)


def refused(*codes: str):
    return pytest.raises(Refused, check=lambda error: error.verdict.codes == codes)


def test_a_double_click_proposes_once(member):
    key = uuid.uuid4()
    assert proposed(member, submission_key=key) == proposed(member, submission_key=key)


def test_one_person_has_so_many_waiting(member):
    for _ in range(MAX_WAITING):
        proposed(member)
    with refused("too_many_waiting"):
        proposed(member)


def test_accepting_makes_a_draft_and_tells(member, officer):
    row = proposed(member)
    act = {"proposal": row, "plan": plan_of(), "answer": "", "at": timezone.now()}
    with refused("not_allowed"):
        accept_proposal(actor=member, **act)
    accept_proposal(actor=officer, **act)
    row.refresh_from_db()
    assert (row.state, row.event.state) == ("accepted", "draft")
    assert Notification.objects.get(recipient=member).kind == "event-proposal"
    with refused("already_answered"):
        refuse_proposal(proposal=row, answer="Non", actor=officer, at=timezone.now())


def test_a_refusal_tells_its_reason(member, officer):
    row, at = proposed(member), timezone.now()
    with refused("answer_missing"):
        refuse_proposal(proposal=row, answer=" ", actor=officer, at=at)
    refuse_proposal(proposal=row, answer="Le quai est fermé.", actor=officer, at=at)
    assert "Le quai est fermé." in Notification.objects.get(recipient=member).body


def test_changes_are_asked_for_then_sent_again(member, officer):
    row, at = proposed(member), timezone.now()
    with refused("not_asked"):
        correct_proposal(proposal=row, plan=PLAN, actor=member, at=at)
    ask_for_changes(proposal=row, answer="Une autre date ?", actor=officer, at=at)
    with refused("not_yours"):
        correct_proposal(proposal=row, plan=PLAN, actor=make_user(), at=at)
    correct_proposal(proposal=row, plan=PLAN, actor=member, at=at)
    row.refresh_from_db()
    assert row.state == "received"


def test_the_pages_of_those_who_propose(client: Client, member):
    address = reverse("agenda:propose")
    assert client.get(address).status_code == 302
    client.force_login(member)
    assert client.get(address).status_code == 200
    form = {
        "organisation": "Les Amis du canal",
        "title": "Fête du canal",
        "body": "Une promenade.",
        "wished_dates": "En mai",
        "key": str(uuid.uuid4()),
    }
    assert client.post(address, {**form, "title": ""}).status_code == 422
    answer = client.post(address, form)
    row = EventProposal.objects.get()
    assert answer.url == reverse("agenda:proposal", args=[row.pk])
    assert client.get(answer.url).status_code == 200
    # The next one is offered in the same name.
    assert client.get(address).context["form"]["organisation"].value() == "Les Amis du canal"
    client.force_login(make_user())
    assert client.get(address).context["form"]["organisation"].value() is None
    assert client.get(answer.url).status_code == 404


def test_the_screen_of_those_who_answer(client: Client, member, officer):
    row = proposed(member)
    client.force_login(officer)
    address = reverse("agenda_proposal:one", args=[row.pk])
    assert client.get(reverse("agenda_proposal:index")).status_code == 200
    assert client.get(address).status_code == 200
    assert client.post(address, {"act": "refuse"}).status_code == 422
    day = (timezone.now() + datetime.timedelta(days=40)).date().isoformat()
    client.post(
        address,
        {
            "act": "accept",
            "day": day,
            "start": "10:00",
            "end": "12:00",
            "kind": "other",
            "theme": make_theme().pk,
            "answer": "Avec plaisir.",
        },
    )
    event = Event.objects.get()
    assert (event.title, event.proposal, event.local_start.hour) == ("Fête du canal", row, 10)
    assert client.get(address).status_code == 200
