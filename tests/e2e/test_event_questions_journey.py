"""Questions of a room: sent from a phone, sorted on a page that keeps itself up to date."""

import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from participation.agenda.choices import QuestionState
from participation.agenda.models import Event, LiveQuestion
from participation.agenda.services import ask, sort_question
from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, SCREENS, Visitor, sign_in
from tests.factories.agenda import make_agenda_officer, make_event


@pytest.fixture
def officer(_site: None) -> Any:
    return make_staff("Participation", email="agente@example.org", password=PASSWORD)


@pytest.fixture
def meeting(_site: None) -> Event:
    """A meeting that is held now."""
    return make_event(title="Réunion du plan vélo", in_hours=-0.5, questions_open=True)


def asked(event: Event, body: str) -> LiveQuestion:
    return ask(
        event=event,
        body=body,
        author_label="",
        submission_key=uuid.uuid4(),
        at=timezone.now(),
    )


def office_of(event: Event) -> str:
    return reverse("agenda_event:questions", args=[event.pk])


def column(page: Page, state: str) -> Any:
    return page.locator(f"[data-state={state}]")


def sort(row: LiveQuestion, state: str) -> None:
    """A colleague sorts it, elsewhere."""
    colleague = make_agenda_officer()
    sort_question(question=row, state=state, actor=colleague, at=timezone.now())


def test_questions_come_by_themselves_and_take_nothing_from_the_hand(
    visit: Visitor, visit_phone: Visitor, meeting: Event, officer: Any
) -> None:
    first = asked(meeting, "Quand commencent les travaux ?")
    sign_in(visit, officer.email)
    page = visit.open_office(office_of(meeting))
    pending, said = column(page, "pending"), page.locator("[data-said]")
    expect(said).to_have_text("La liste se met à jour seule.")
    show = pending.get_by_role("button", name="Montrer")
    show.focus()

    phone = visit_phone.open(reverse("agenda:question", args=[meeting.slug]))
    phone.get_by_label("Votre question").fill("Où passe la piste ?")
    visit_phone.press(phone.get_by_role("main").get_by_role("button", name="Envoyer"))
    expect(pending).to_contain_text("Où passe la piste ?")
    expect(pending.locator("[data-count]")).to_have_text("2")
    expect(said).to_contain_text("1 nouvelle question à")
    expect(show.first).to_be_focused()
    visit.check_office()

    # A colleague is faster: what is in hand stays there until it is left.
    second = LiveQuestion.objects.latest("pk")
    sort(second, QuestionState.SHOWN)
    expect(column(page, "shown")).to_contain_text("Où passe la piste ?")
    expect(pending).not_to_contain_text("Où passe la piste ?")
    sort(first, QuestionState.DISMISSED)
    expect(column(page, "dismissed")).to_contain_text(first.body)
    expect(show).to_be_focused()
    show.blur()
    expect(pending.locator("[data-none]")).to_be_visible()
    expect(pending.locator("li")).to_have_count(0)
    expect(said).to_contain_text("1 nouvelle question à")  # a question that moves is not a new one
    visit.check_office()

    # What came by itself is sorted as what was there.
    visit.press(column(page, "shown").get_by_role("button", name="Réponse donnée"))
    expect(column(page, "answered")).to_contain_text("Où passe la piste ?")
    second.refresh_from_db()
    assert second.state == QuestionState.ANSWERED


def test_a_list_that_stays_behind_says_so(
    visit_desktop: Visitor, meeting: Event, officer: Any
) -> None:
    sign_in(visit_desktop, officer.email)
    page = visit_desktop.open_office(office_of(meeting))
    said = page.locator("[data-said]")
    page.context.set_offline(True)
    expect(said).to_contain_text("ne se met plus à jour")
    visit_desktop.check_office()
    asked(meeting, "Où passe la piste ?")
    page.context.set_offline(False)
    expect(said).to_contain_text("1 nouvelle question à")
    expect(column(page, "pending")).to_contain_text("Où passe la piste ?")


def test_without_script_a_button_reads_them(
    visit_without_javascript: Visitor, meeting: Event, officer: Any
) -> None:
    visit = visit_without_javascript
    sign_in(visit, officer.email)
    page = visit.page
    page.set_viewport_size(SCREENS["desktop"])
    page.goto(visit.base_url + office_of(meeting))
    asked(meeting, "Où passe la piste ?")
    visit.press(page.get_by_role("link", name="Lire les nouvelles questions"))
    expect(column(page, "pending")).to_contain_text("Où passe la piste ?")
    visit.press(column(page, "pending").get_by_role("button", name="Montrer"))
    expect(column(page, "shown")).to_contain_text("Où passe la piste ?")
